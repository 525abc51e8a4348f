package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"waymark/internal/fault"
)

// Cost is what one check of a password takes.
type Cost struct {
	Memory  uint32 // KiB. Default 32,768
	Time    uint32 // passes. Default 4
	Threads uint8  // Default 1
}

// DefaultCost lies above the least that OWASP's Password Storage Cheat Sheet
// (2024) asks for, 19 MiB and two passes, and takes about 100 ms on one core of a
// small server.
var DefaultCost = Cost{Memory: 32 << 10, Time: 4, Threads: 1}

// Bounds of what is read back from the store, so that a broken row cannot take
// all memory.
var maxCost = Cost{Memory: 1 << 20, Time: 32, Threads: 16}

const (
	saltSize = 16
	hashSize = 32
	// maxWaiting bounds the sign-ins that queue for their turn to hash.
	maxWaiting = 64
)

// ErrBusy is returned when too many passwords wait to be checked.
var ErrBusy = fault.New(fault.Unavailable, fault.Place{}, "too many people are signing in at this moment", "try again in a few seconds")

// hasher makes and checks Argon2id hashes, a few at a time, since each takes
// Cost.Memory.
type hasher struct {
	cost    Cost
	turns   chan struct{}
	waiting atomic.Int32
	// made counts the hashes computed, for tests that compare work.
	made atomic.Int64
	// nobody is a hash that no password fits, for accounts that are not there.
	nobody string
}

func newHasher(cost Cost) *hasher {
	h := &hasher{cost: cost, turns: make(chan struct{}, max(1, min(4, runtime.NumCPU())))}
	salt, key := make([]byte, saltSize), make([]byte, hashSize)
	rand.Read(salt)
	rand.Read(key)
	h.nobody = encode(cost, salt, key)
	return h
}

// make hashes a new password.
func (h *hasher) make(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	key, err := h.key(ctx, password, salt, h.cost)
	if err != nil {
		return "", err
	}
	return encode(h.cost, salt, key), nil
}

// check compares a password with an encoded hash. An empty hash costs as much as
// any other and never fits. stale says that the hash was made at another cost.
func (h *hasher) check(ctx context.Context, password, encoded string) (fits, stale bool, err error) {
	hopeless := encoded == ""
	if hopeless {
		encoded = h.nobody
	}
	cost, salt, want, err := decode(encoded)
	if err != nil {
		return false, false, err
	}
	got, err := h.key(ctx, password, salt, cost)
	if err != nil {
		return false, false, err
	}
	fits = subtle.ConstantTimeCompare(got, want) == 1 && !hopeless
	return fits, fits && cost != h.cost, nil
}

func (h *hasher) key(ctx context.Context, password string, salt []byte, c Cost) ([]byte, error) {
	if h.waiting.Add(1) > maxWaiting {
		h.waiting.Add(-1)
		return nil, ErrBusy
	}
	defer h.waiting.Add(-1)
	select {
	case h.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.turns }()
	h.made.Add(1)
	// Keyboards differ in how they write an accented letter.
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.Time, c.Memory, c.Threads, hashSize), nil
}

// encode writes a hash as a PHC string: $argon2id$v=19$m=..,t=..,p=..$salt$hash.
func encode(c Cost, salt, key []byte) string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Time, c.Threads, b.EncodeToString(salt), b.EncodeToString(key))
}

// decode reads what encode wrote.
func decode(s string) (c Cost, salt, key []byte, err error) {
	broken := fault.New(fault.Internal, fault.Place{}, "a stored password hash cannot be read", "send the person a link to set a new password")
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return c, nil, nil, broken
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Time, &c.Threads); n != 3 || err != nil {
		return c, nil, nil, broken
	}
	if c.Memory == 0 || c.Time == 0 || c.Threads == 0 || c.Memory > maxCost.Memory || c.Time > maxCost.Time || c.Threads > maxCost.Threads {
		return c, nil, nil, broken
	}
	salt, err1 := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(salt) < 8 || len(key) != hashSize {
		return c, nil, nil, broken
	}
	return c, salt, key, nil
}
