package account

import (
	"net/mail"
	"strings"

	"golang.org/x/text/unicode/norm"

	"waymark/internal/fault"
)

// Bounds of what people type about themselves, in bytes.
const (
	maxEmail = 254 // RFC 5321, 4.5.3.1.3, less the angle brackets
	maxName  = 200
)

// NormalEmail is the form in which addresses are compared: composed, in small
// letters, without space around. Two spellings of a mailbox that differ by case
// alone are one person here.
func NormalEmail(s string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(s)))
}

// CheckEmail says whether a text can be an e-mail address; its error is a fault.
func CheckEmail(s string) error {
	s = strings.TrimSpace(s)
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > maxEmail {
		return fault.New(fault.Invalid, fault.Place{Field: "email"}, "this is not an e-mail address", "give one like name@example.org")
	}
	return nil
}

// CheckName says whether a text can be a person's name; its error is a fault.
func CheckName(s string) error {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxName || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fault.New(fault.Invalid, fault.Place{Field: "name"}, "the name is empty or too long", "give a name of at most 200 letters in one line")
	}
	return nil
}
