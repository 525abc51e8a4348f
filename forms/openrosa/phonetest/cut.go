package phonetest

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"time"
)

// SendPart posts only the first cut bytes of a body to a path of the server at an
// address (host:port), and closes the line. If that is the whole body, it waits for the
// answer and returns its status; else the status is 0.
func SendPart(address, path string, body []byte, boundary string, cut int) (status int, err error) {
	line, err := net.DialTimeout("tcp", address, 10*time.Second)
	if err != nil {
		return 0, err
	}
	defer line.Close()
	if _, err := fmt.Fprintf(line, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=%s\r\nContent-Length: %d\r\n\r\n", path, boundary, len(body)); err != nil {
		return 0, err
	}
	if _, err := line.Write(body[:cut]); err != nil || cut < len(body) {
		return 0, err
	}
	res, err := http.ReadResponse(bufio.NewReader(line), nil)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}
