package account

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// One-time codes as authenticator programs make them: RFC 6238 with SHA-1, six
// digits, thirty seconds. A program that cannot do other parameters takes these.
const (
	stepSeconds = 30
	codeDigits  = otp.DigitsSix
	// oneTimeWindow is how many steps a clock may be ahead or behind.
	oneTimeWindow = 1
	secretSize    = 20 // bytes, as long as SHA-1's output (RFC 4226, 4 R6)
)

var secretText = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewOneTimeSecret makes a secret that is not anyone's yet.
func NewOneTimeSecret() []byte {
	b := make([]byte, secretSize)
	rand.Read(b)
	return b
}

// OneTimeText is how a person types a secret: letters and digits in fours.
func OneTimeText(secret []byte) string {
	text := secretText.EncodeToString(secret)
	var fours []string
	for len(text) > 4 {
		fours, text = append(fours, text[:4]), text[4:]
	}
	return strings.Join(append(fours, text), " ")
}

// OneTimeAddress is what the QR code of a secret says (the Key URI format). The
// label stays on the person's own telephone.
func OneTimeAddress(issuer, label string, secret []byte) string {
	q := url.Values{"secret": {secretText.EncodeToString(secret)}, "issuer": {issuer}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + label, RawQuery: strings.ReplaceAll(q.Encode(), "+", "%20")}
	return u.String()
}

// oneTimeStep is the time step that a code belongs to, counted as RFC 6238 does.
func oneTimeStep(at time.Time) int64 { return at.Unix() / stepSeconds }

// matchOneTime finds the step of a code around a time, later than last, or fails.
// Every step of the window is computed whatever fits.
func matchOneTime(secret []byte, code string, at time.Time, last int64) (step int64, ok bool) {
	text := secretText.EncodeToString(secret)
	now := oneTimeStep(at)
	for s := now - oneTimeWindow; s <= now+oneTimeWindow; s++ {
		want, err := oneTimeCode(text, s, codeDigits)
		if err != nil {
			return 0, false
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && s > last && !ok {
			step, ok = s, true
		}
	}
	return step, ok
}

func oneTimeCode(secret string, step int64, digits otp.Digits) (string, error) {
	return hotp.GenerateCodeCustom(secret, uint64(step), hotp.ValidateOpts{Digits: digits, Algorithm: otp.AlgorithmSHA1})
}

// digitsOf reads a code as people type it: spaces anywhere, any kind of digit.
func digitsOf(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '٠' && r <= '٩':
			b.WriteRune('0' + r - '٠')
		case r >= '۰' && r <= '۹':
			b.WriteRune('0' + r - '۰')
		case r == ' ' || r == '-' || r == '\u00a0':
		default:
			return ""
		}
	}
	return b.String()
}
