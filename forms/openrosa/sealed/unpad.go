package sealed

import (
	"crypto/aes"
	"errors"
	"io"
)

// errPadding says that a decrypted content does not end as it must.
var errPadding = errors.New("the padding is wrong")

// unpadder takes PKCS #7 padding off a stream. The last block is held back until
// the end is known.
type unpadder struct {
	src   io.Reader
	buf   []byte // decrypted and not handed out
	ended bool
	err   error
	read  int64
}

// Read implements io.Reader.
func (u *unpadder) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for {
		ready := len(u.buf) - aes.BlockSize
		if u.ended {
			ready = len(u.buf)
		}
		if ready > 0 {
			n := copy(p, u.buf[:ready])
			u.buf = u.buf[n:]
			return n, nil
		}
		if u.err != nil {
			return 0, u.err
		}
		u.fill()
	}
}

// fill reads on, and cuts the padding at the end.
func (u *unpadder) fill() {
	chunk := make([]byte, len(u.buf), 32<<10)
	copy(chunk, u.buf)
	n, err := u.src.Read(chunk[len(chunk):cap(chunk)])
	u.buf = chunk[:len(chunk)+n]
	u.read += int64(n)
	switch {
	case err == nil:
	case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		u.ended, u.err = true, io.EOF
		u.cut()
	default:
		u.err = err
		u.buf = nil
	}
}

func (u *unpadder) cut() {
	if u.read == 0 || u.read%aes.BlockSize != 0 {
		u.buf, u.err = nil, errPadding
		return
	}
	pad := int(u.buf[len(u.buf)-1])
	if pad < 1 || pad > aes.BlockSize {
		u.buf, u.err = nil, errPadding
		return
	}
	for _, b := range u.buf[len(u.buf)-pad:] {
		if int(b) != pad {
			u.buf, u.err = nil, errPadding
			return
		}
	}
	u.buf = u.buf[:len(u.buf)-pad]
}
