package vault

import (
	"errors"
	"io"
	"unsafe"
)

// maxSealed bounds one sealed piece, in bytes; more goes through SealTo.
const maxSealed = 64 << 20

// Seal seals a piece of at most 64 MB.
func (v *Vault) Seal(scope Scope, plain []byte, bound string) ([]byte, error) {
	k, err := v.keys(scope)
	if err != nil {
		return nil, err
	}
	return k.seal(plain, bound)
}

// Open opens what Seal made, or fails with ErrAltered.
func (v *Vault) Open(scope Scope, sealed []byte, bound string) ([]byte, error) {
	k, err := v.keys(scope)
	if err != nil {
		return nil, err
	}
	return k.open(scope, sealed, bound)
}

// SealTo returns a writer that seals a stream into w in pieces of 64 kB. Without
// Close the stream does not open.
func (v *Vault) SealTo(scope Scope, w io.Writer, bound string) (io.WriteCloser, error) {
	k, err := v.keys(scope)
	if err != nil {
		return nil, err
	}
	return k.sealTo(w, bound)
}

// OpenFrom returns a reader of what SealTo wrote. A change or a cut anywhere is
// ErrAltered at the latest at the end: what was read before the end is whole up
// to there, but only io.EOF says that it is all.
func (v *Vault) OpenFrom(scope Scope, r io.Reader, bound string) (io.Reader, error) {
	k, err := v.keys(scope)
	if err != nil {
		return nil, err
	}
	return k.openFrom(scope, r, bound)
}

// Token is HMAC-SHA-256 under a key of the scope, 32 bytes.
func (v *Vault) Token(scope Scope, value []byte) ([]byte, error) {
	k, err := v.keys(scope)
	if err != nil {
		return nil, err
	}
	return k.token.ComputePrimaryPRF(value, 32)
}

func (p *primitives) seal(plain []byte, bound string) ([]byte, error) {
	if len(plain) > maxSealed {
		return nil, errors.New("vault: the piece is too large to be sealed at once")
	}
	return p.data.Encrypt(plain, bytesOf(bound))
}

func (p *primitives) open(scope Scope, sealed []byte, bound string) ([]byte, error) {
	plain, err := p.data.Decrypt(sealed, bytesOf(bound))
	if err != nil {
		return nil, altered(scope)
	}
	return plain, nil
}

func (p *primitives) sealTo(w io.Writer, bound string) (io.WriteCloser, error) {
	return p.stream.NewEncryptingWriter(w, []byte(bound))
}

func (p *primitives) openFrom(scope Scope, r io.Reader, bound string) (io.Reader, error) {
	source := &source{r: r}
	plain, err := p.stream.NewDecryptingReader(source, []byte(bound))
	if err != nil {
		return nil, err
	}
	return &opened{plain: plain, source: source, scope: scope}, nil
}

// Fingerprint tells a scope's keys apart from all others and tells nothing of
// them. It stays in the tombstone, as proof of what was destroyed.
func (v *Vault) Fingerprint(scope Scope) (string, error) {
	k, err := v.keys(scope)
	if err != nil {
		if t, ok := v.tombstone(scope); ok {
			return t.Fingerprint, nil
		}
		return "", err
	}
	return k.fingerprint, nil
}

// source remembers why reading failed: Tink says of every failure that no key
// matches.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// opened turns Tink's errors into ours and keeps the first.
type opened struct {
	plain  io.Reader
	source *source
	scope  Scope
	err    error
}

func (o *opened) Read(p []byte) (int, error) {
	if o.err != nil || len(p) == 0 {
		return 0, o.err
	}
	n, err := o.plain.Read(p)
	switch {
	case err == nil || err == io.EOF:
	case o.source.err != nil:
		err = o.source.err
	default:
		err = altered(o.scope)
	}
	o.err = err
	return n, err
}

// bytesOf lends a string's bytes to a reader; nobody may write to them. It saves
// a copy at each of thousands of calls a second.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
