// Package ids makes the identifiers of everything that the store keeps: one
// 63-bit number that sorts by the time it was made and tells nothing else.
//
// It knows nothing of what is identified.
package ids

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// ID identifies one thing. Zero is none.
type ID int64

// epoch of the time in an ID, in Unix milliseconds: 1 January 2020, UTC.
const epoch = 1577836800000

// randomBits are the low bits of an ID; the 43 above them are milliseconds.
const randomBits = 20

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's base 32

// ErrMalformed is returned for a text that is no ID.
var ErrMalformed = errors.New("not an identifier")

// Source makes IDs that grow, even when the clock is set back.
type Source struct {
	mu   sync.Mutex
	now  func() time.Time
	last int64
}

// NewSource returns a source that reads the time from now. Required.
func NewSource(now func() time.Time) *Source { return &Source{now: now} }

// New returns an ID greater than every one that this source made before. Two
// processes that make one in the same millisecond differ in twenty random bits;
// the store's primary keys catch what is left.
func (s *Source) New() ID {
	var b [4]byte
	rand.Read(b[:])
	at := s.now().UnixMilli() - epoch
	next := at<<randomBits | int64(binary.LittleEndian.Uint32(b[:])&(1<<randomBits-1))
	s.mu.Lock()
	defer s.mu.Unlock()
	if next <= s.last {
		next = s.last + 1
	}
	s.last = next
	return ID(next)
}

var system = NewSource(time.Now)

// New returns an ID by the system's clock.
func New() ID { return system.New() }

// String renders the ID as 13 lower-case letters and digits, which sort as the
// IDs do; zero is "".
func (id ID) String() string {
	if id == 0 {
		return ""
	}
	var b [13]byte
	v := uint64(id)
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = alphabet[v&31]
		v >>= 5
	}
	return string(b[:])
}

// Parse reads what String wrote. Anything else is ErrMalformed.
func Parse(s string) (ID, error) {
	if len(s) != 13 {
		return 0, ErrMalformed
	}
	var v uint64
	for i := range len(s) {
		d := strings.IndexByte(alphabet, s[i])
		if d < 0 {
			return 0, ErrMalformed
		}
		v = v<<5 | uint64(d)
	}
	if v == 0 || v>>63 != 0 || ID(v).String() != s {
		return 0, ErrMalformed
	}
	return ID(v), nil
}

// Time is when the ID was made, to the millisecond, by its maker's clock.
func (id ID) Time() time.Time { return time.UnixMilli(int64(id)>>randomBits + epoch) }

// Value implements driver.Valuer.
func (id ID) Value() (driver.Value, error) { return int64(id), nil }

// Scan implements sql.Scanner. NULL is zero.
func (id *ID) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*id = 0
	case int64:
		*id = ID(v)
	default:
		return fmt.Errorf("an ID is a number, not %T", v)
	}
	return nil
}

// MarshalText implements encoding.TextMarshaler.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler; "" is zero.
func (id *ID) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*id = 0
		return nil
	}
	v, err := Parse(string(b))
	if err == nil {
		*id = v
	}
	return err
}
