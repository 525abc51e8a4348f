package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// counter is a server that takes interviews and notes their instanceIDs.
// Every fail-th answer is a failure, or the connection is closed.
type counter struct {
	mu     sync.Mutex
	seen   map[string]int
	n      int
	fail   int
	status string
}

func (c *counter) listen(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	c.seen = map[string]int{}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go c.serve(conn)
		}
	}()
	return "http://" + l.Addr().String() + "/key/synthetic"
}

func (c *counter) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		length := 0
		for {
			h, err := in.ReadString('\n')
			if err != nil {
				return
			}
			if _, err := fmt.Sscanf(h, "Content-Length: %d", &length); err != nil && strings.TrimSpace(h) == "" {
				break
			}
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		_, rest, _ := strings.Cut(string(body), "instanceID>")
		id, _, _ := strings.Cut(rest, "<")
		c.mu.Lock()
		c.n++
		fails := c.fail > 0 && c.n%c.fail == 0
		if !fails {
			c.seen[id]++
		}
		c.mu.Unlock()
		switch {
		case fails && c.status == "":
			return
		case fails:
			fmt.Fprintf(conn, "HTTP/1.1 %s\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno", c.status)
			return
		}
		fmt.Fprint(conn, "HTTP/1.1 201 Created\r\nContent-Type: text/xml\r\nContent-Length: 3\r\n\r\nyes")
	}
}

func env(url string) func(string) string {
	return func(string) string { return url }
}

func TestLoad(t *testing.T) {
	var c counter
	url := c.listen(t)
	dir := t.TempDir()
	acknowledged := filepath.Join(dir, "ids")
	var out bytes.Buffer
	err := run(context.Background(), []string{"-form", "f<ms", "-version", "1", "-connections", "4", "-count", "300", "-warm", "10", "-json", "-file", "1000", "-acknowledged", acknowledged, "-fdatasync", dir}, env(url), &out, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var r result
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Stored != 300 || r.Failed != 0 || r.Rate <= 0 || r.P50 > r.P99 || r.P99 > r.Max || r.Fdatasync <= 0 || len(c.seen) != 310 {
		t.Errorf("%+v, %d seen", r, len(c.seen))
	}
	b, err := os.ReadFile(acknowledged)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range strings.Fields(string(b)) {
		if c.seen[id] != 1 {
			t.Errorf("%s was stored %d times", id, c.seen[id])
		}
	}
}

func TestFailuresAreTold(t *testing.T) {
	for _, status := range []string{"", "503 Service Unavailable"} {
		c := counter{fail: 5, status: status}
		url := c.listen(t)
		var out bytes.Buffer
		err := run(context.Background(), []string{"-form", "fms", "-connections", "2", "-count", "50", "-warm", "0"}, env(url), &out, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "of 50 were not stored") || !strings.Contains(out.String(), "p99 ms") {
			t.Errorf("%v %s", err, &out)
		}
		if err := run(context.Background(), []string{"-form", "fms", "-connections", "2", "-count", "50", "-warm", "0", "-again"}, env(url), &out, io.Discard); err != nil || !strings.Contains(out.String(), "sent again") {
			t.Errorf("%v %s", err, &out)
		}
	}
}

func TestOnlyThisMachine(t *testing.T) {
	for _, url := range []string{"", "http://192.0.2.1:80/key/x", "http://example.org:80/key/x", "https://127.0.0.1:1/key/x", "http://127.0.0.1/key/x", "http://0.0.0.0:80/key/x"} {
		if err := run(context.Background(), []string{"-form", "fms"}, env(url), io.Discard, io.Discard); err == nil {
			t.Errorf("%q was put under load", url)
		}
	}
	for _, args := range [][]string{{}, {"-form", "x", "-count", "0"}, {"-form", "x", "-connections", "5000"}, {"-form", "x", "-answers", "main.go"}, {"-form", "x", "-nothing"}} {
		if err := run(context.Background(), args, env("http://127.0.0.1:1/key/x"), io.Discard, io.Discard); err == nil {
			t.Errorf("%q was taken", args)
		}
	}
}

// Nearest rank. By hand: of 1 to 100 ms the 50th, 99th and 100th.
func TestQuantile(t *testing.T) {
	var took []time.Duration
	for i := range 100 {
		took = append(took, time.Duration(i+1)*time.Millisecond)
	}
	for q, want := range map[float64]float64{0.5: 50, 0.99: 99, 1: 100, 0: 1} {
		if got := quantile(took, q); got != want {
			t.Errorf("%v: %v, want %v", q, got, want)
		}
	}
	if quantile(nil, 0.5) != 0 {
		t.Error("of nothing")
	}
}
