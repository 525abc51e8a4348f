package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// server is where to send to.
type server struct{ address, host, path string }

// parseServer reads the address of a phone, which must be on this machine.
func parseServer(text string) (server, error) {
	if text == "" {
		return server{}, errors.New("set COLLECT_URL to the address in a phone's settings, such as http://127.0.0.1:8080/key/TOKEN")
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" || u.Port() == "" || u.User != nil {
		return server{}, errors.New("COLLECT_URL must be http://127.0.0.1:PORT/key/TOKEN")
	}
	ip := net.ParseIP(u.Hostname())
	if u.Hostname() == "localhost" {
		ip = net.IPv4(127, 0, 0, 1)
	}
	if ip == nil || !ip.IsLoopback() {
		return server{}, errors.New("only a server on this machine (127.0.0.1, [::1]) may be put under load")
	}
	return server{net.JoinHostPort(ip.String(), u.Port()), u.Host, strings.TrimRight(u.EscapedPath(), "/") + "/submission"}, nil
}

// template is a whole request with the places where the instanceID stands.
type template struct {
	request []byte
	places  []int
}

const (
	boundary = "synthetic-load-boundary"
	blank    = "uuid:00000000-0000-4000-8000-000000000000"
)

// newTemplate makes the request that every connection sends, all of one length.
func newTemplate(to server, o options) (template, error) {
	document := synthetic(o.form, o.version, o.file > 0)
	if o.answers != "" {
		b, err := os.ReadFile(o.answers)
		if err != nil {
			return template{}, err
		}
		document = string(b)
	}
	document = strings.ReplaceAll(document, "{instance}", blank)
	if !strings.Contains(document, blank) {
		return template{}, fmt.Errorf("%s has no {instance}", o.answers)
	}
	var body bytes.Buffer
	part := func(head string, data []byte) {
		body.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; " + head + "\r\n\r\n")
		body.Write(data)
		body.WriteString("\r\n")
	}
	part("name=\"xml_submission_file\"; filename=\"interview.xml\"\r\nContent-Type: text/xml", []byte(document))
	if o.file > 0 {
		part("name=\"synthetic.bin\"; filename=\"synthetic.bin\"\r\nContent-Type: application/octet-stream", bytes.Repeat([]byte{'s'}, o.file))
	}
	body.WriteString("--" + boundary + "--\r\n")
	head := "POST " + to.path + " HTTP/1.1\r\nHost: " + to.host + "\r\nUser-Agent: synthetic load\r\nX-OpenRosa-Version: 1.0\r\nContent-Type: multipart/form-data; boundary=" + boundary + "\r\nContent-Length: " + strconv.Itoa(body.Len()) + "\r\n\r\n"
	t := template{request: append([]byte(head), body.Bytes()...)}
	for from := 0; ; {
		i := bytes.Index(t.request[from:], []byte(blank))
		if i < 0 {
			return t, nil
		}
		t.places = append(t.places, from+i)
		from += i + len(blank)
	}
}

// synthetic is an interview of some 3 kB of made-up answers.
func synthetic(form, version string, file bool) string {
	var b strings.Builder
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;").Replace
	fmt.Fprintf(&b, `<data id="%s" version="%s" xmlns:orx="http://openrosa.org/xforms">`, escape(form), escape(version))
	for i := range 80 {
		fmt.Fprintf(&b, "<q%02d>synthetic answer %02d</q%02d>", i, i, i)
	}
	if file {
		b.WriteString("<photo>synthetic.bin</photo>")
	}
	b.WriteString("<orx:meta><orx:instanceID>{instance}</orx:instanceID></orx:meta></data>")
	return b.String()
}

// instance makes a fresh instanceID, as long as the blank one.
func instance() string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return "uuid:" + h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// line is one connection that stays open.
type line struct {
	to      server
	request []byte
	places  []int
	conn    net.Conn
	in      *bufio.Reader
}

// patience is how long one answer may take.
const patience = 30 * time.Second

// send sends the interview and returns the status of the answer.
func (l *line) send(instance string) (int, error) {
	if l.conn == nil {
		conn, err := net.DialTimeout("tcp", l.to.address, patience)
		if err != nil {
			return 0, err
		}
		l.conn, l.in = conn, bufio.NewReader(conn)
	}
	for _, at := range l.places {
		copy(l.request[at:], instance)
	}
	_ = l.conn.SetDeadline(time.Now().Add(patience))
	status := 0
	_, err := l.conn.Write(l.request)
	if err == nil {
		status, err = l.answer()
	}
	if err != nil {
		l.close()
	}
	return status, err
}

func (l *line) close() {
	if l.conn != nil {
		l.conn.Close()
		l.conn = nil
	}
}

// answer reads one answer of HTTP/1.1 that has a length.
func (l *line) answer() (status int, err error) {
	head, err := l.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(head) < 12 || string(head[:5]) != "HTTP/" {
		return 0, errors.New("the answer is not HTTP")
	}
	if status, err = strconv.Atoi(string(head[9:12])); err != nil {
		return 0, err
	}
	length, closes := -1, false
	for {
		h, err := l.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		h = bytes.TrimRight(h, "\r\n")
		if len(h) == 0 {
			break
		}
		name, value, _ := bytes.Cut(h, []byte(":"))
		value = bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, err
			}
		case bytes.EqualFold(name, []byte("Connection")):
			closes = bytes.EqualFold(value, []byte("close"))
		}
	}
	if length < 0 {
		return 0, errors.New("the answer has no length")
	}
	if _, err := io.CopyN(io.Discard, l.in, int64(length)); err != nil {
		return 0, err
	}
	if closes {
		l.close()
	}
	return status, nil
}
