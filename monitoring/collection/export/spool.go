package export

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"io"
	"os"
)

// spool keeps rows until they can be written: in memory as long as they are few,
// then in a temporary file. The file is encrypted under a key that lives only
// here, so that nothing readable is ever on the disk, whenever the program ends.
type spool struct {
	held []byte
	file *os.File
	key  cipher.Block
	iv   []byte
	to   cipher.Stream
	size int64
}

// spoolMemory is how many bytes are held before a file is made.
const spoolMemory = 1 << 20

func newSpool() (*spool, error) { return &spool{}, nil }

func (s *spool) write(b []byte) error {
	s.held = append(s.held, b...)
	if len(s.held) < spoolMemory {
		return nil
	}
	return s.flush()
}

func (s *spool) flush() error {
	if s.file == nil {
		secret := make([]byte, 32+aes.BlockSize)
		if _, err := rand.Read(secret); err != nil {
			return unwritten(err)
		}
		var err error
		if s.key, err = aes.NewCipher(secret[:32]); err != nil {
			return unwritten(err)
		}
		s.iv = secret[32:]
		s.to = cipher.NewCTR(s.key, s.iv)
		if s.file, err = os.CreateTemp("", "waymark-export-*"); err != nil {
			return unwritten(err)
		}
	}
	s.to.XORKeyStream(s.held, s.held)
	n, err := s.file.Write(s.held)
	s.size += int64(n)
	s.held = s.held[:0]
	return unwritten(err)
}

// copyTo writes everything that was put in.
func (s *spool) copyTo(w io.Writer) error {
	if s.file == nil {
		_, err := w.Write(s.held)
		return unwritten(err)
	}
	if err := s.flush(); err != nil {
		return err
	}
	if _, err := s.file.Seek(0, io.SeekStart); err != nil {
		return unwritten(err)
	}
	from := cipher.StreamReader{S: cipher.NewCTR(s.key, s.iv), R: s.file}
	_, err := io.CopyN(w, from, s.size)
	return unwritten(err)
}

// discard removes the file.
func (s *spool) discard() {
	if s.file != nil {
		_ = s.file.Close()
		_ = os.Remove(s.file.Name())
		s.file = nil
	}
	s.held = nil
}
