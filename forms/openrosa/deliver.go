package openrosa

import (
	"compress/gzip"
	"io"
	"net/http"
	"time"
)

// piece is how much is written before the patience begins anew: at a bad line's
// 1 kB a second it takes a quarter of a minute.
const piece = 16 << 10

// patient writes an answer piece by piece. A phone that takes none of it for
// Limits.Patience is given up, so that it does not hold a connection for ever.
type patient struct {
	to       io.Writer
	control  *http.ResponseController
	patience time.Duration
}

// Write implements io.Writer.
func (p *patient) Write(b []byte) (sent int, err error) {
	for len(b) > 0 && err == nil {
		_ = p.control.SetWriteDeadline(time.Now().Add(p.patience))
		var n int
		n, err = p.to.Write(b[:min(len(b), piece)])
		sent += n
		b = b[n:]
	}
	return sent, err
}

// deliver sends a content, compressed if the phone takes it so.
func (d *door) deliver(w http.ResponseWriter, content io.Reader, packed bool) error {
	p := &patient{to: w, control: http.NewResponseController(w), patience: d.Limits.Patience}
	defer p.control.SetWriteDeadline(time.Time{}) // the connection may serve others next
	to := io.Writer(p)
	var z *gzip.Writer
	if packed {
		z = gzip.NewWriter(p)
		to = z
	}
	_, err := io.Copy(to, content)
	if err == nil && packed {
		err = z.Close()
	}
	return err
}
