package account

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"strings"

	"waymark/internal/ids"
)

// Recovery codes get a person in who lost what makes their one-time codes.
const (
	recoveryCodes   = 10
	recoveryLetters = 16 // of 32 kinds: 80 bits, too many to try against a stolen hash
)

const recoveryAlphabet = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford's base 32

// newRecovery makes ten codes, to be shown once, and their hashes.
func newRecovery(id ids.ID) (codes []string, hashes [][]byte) {
	for range recoveryCodes {
		b := make([]byte, recoveryLetters)
		rand.Read(b)
		for i := range b {
			b[i] = recoveryAlphabet[b[i]&31]
		}
		code := string(b)
		codes = append(codes, code[:4]+"-"+code[4:8]+"-"+code[8:12]+"-"+code[12:])
		hashes = append(hashes, recoveryHash(id, code))
	}
	return codes, hashes
}

// recoveryText reads a code as people type it, or "" if it cannot be one.
func recoveryText(s string) string {
	s = strings.NewReplacer("-", "", " ", "", "o", "0", "i", "1", "l", "1").Replace(strings.ToLower(s))
	if len(s) != recoveryLetters || strings.Trim(s, recoveryAlphabet) != "" {
		return ""
	}
	return s
}

// recoveryHash binds a code to its account. Eighty random bits need no slow hash.
func recoveryHash(id ids.ID, code string) []byte {
	h := sha256.Sum256([]byte("waymark recovery\x00" + id.String() + "\x00" + code))
	return h[:]
}

// useRecovery takes a code away from those that are left, or fails.
func useRecovery(a *Account, code string) bool {
	want := recoveryHash(a.ID, code)
	at := -1
	for i, h := range a.Recovery {
		if subtle.ConstantTimeCompare(h, want) == 1 {
			at = i
		}
	}
	if at < 0 {
		return false
	}
	a.Recovery = slices.Delete(slices.Clone(a.Recovery), at, at+1)
	return true
}
