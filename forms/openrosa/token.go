package openrosa

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// tokenBytes is the length of a token: 256 bits.
const tokenBytes = 32

// NewToken makes a token for a phone, or for tests of a draft, and the hash that
// the store keeps of it. The token itself is shown once and kept nowhere.
func NewToken() (token string, hash []byte) {
	var b [tokenBytes]byte
	_, _ = rand.Read(b[:]) // it never fails: crypto/rand ends the program instead
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, HashToken(token)
}

// HashToken returns what the store keeps of a token: the SHA-256 of its text. A
// token has 256 random bits, so that no slower hash is needed.
func HashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// wellFormed tells whether a text can be a token of NewToken.
func wellFormed(token string) bool {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	return err == nil && len(b) == tokenBytes
}

// Redact returns a path or address as a log may hold it: without its query (the
// phone's identifier), and with a dash for what follows key or test, and for
// everything else that is as long as a token.
func Redact(path string) string {
	path, _, _ = strings.Cut(path, "?")
	path, _, _ = strings.Cut(path, "#")
	segments := strings.Split(path, "/")
	hide := false
	for i, s := range segments {
		if s == "" {
			continue
		}
		plain := strings.ToLower(s)
		switch {
		case hide, longRun(s), strings.Contains(plain, "%2f"):
			segments[i] = "-"
			hide = plain == "key" || plain == "test"
		default:
			hide = plain == "key" || plain == "test"
		}
	}
	return strings.Join(segments, "/")
}

// longRun tells whether a text holds a run of a token's characters that is as long
// as most of a token.
func longRun(s string) bool {
	run := 0
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' {
			if run++; run >= 32 {
				return true
			}
			continue
		}
		run = 0
	}
	return false
}
