package account

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
)

// TestOneTimeVectors: RFC 6238, appendix B, the rows of SHA-1.
func TestOneTimeVectors(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471",
		1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		step := oneTimeStep(time.Unix(at, 0))
		got, err := oneTimeCode(secretText.EncodeToString(secret), step, otp.DigitsEight)
		if err != nil || got != want {
			t.Errorf("at %d: %s, %v, want %s", at, got, err, want)
		}
		// Six digits are the last six of eight.
		if found, ok := matchOneTime(secret, want[2:], time.Unix(at, 0), 0); !ok || found != step {
			t.Errorf("at %d the code %s is not taken", at, want[2:])
		}
	}
}

func TestOneTimeWindow(t *testing.T) {
	secret, now := NewOneTimeSecret(), time.Unix(1700000000, 0)
	for steps, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		step := oneTimeStep(now) + steps
		code, err := oneTimeCode(secretText.EncodeToString(secret), step, codeDigits)
		if err != nil {
			t.Fatal(err)
		}
		found, ok := matchOneTime(secret, code, now, 0)
		if ok != want || ok && found != step {
			t.Errorf("a code %d steps away: %v", steps, ok)
		}
		if _, ok := matchOneTime(secret, code, now, step); ok {
			t.Errorf("a code %d steps away is taken after its step was used", steps)
		}
	}
}

func TestDigitsOf(t *testing.T) {
	for in, want := range map[string]string{"123456": "123456", " 123 456 ": "123456", "١٢٣٤٥٦": "123456", "۱۲۳-۴۵۶": "123456", "12345a": "", "": ""} {
		if got := digitsOf(in); got != want {
			t.Errorf("digitsOf(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestOneTimeAddress(t *testing.T) {
	secret := []byte("12345678901234567890")
	got := OneTimeAddress("Waymark", "a person@example.org", secret)
	u, err := url.Parse(got)
	if err != nil {
		t.Fatal(err)
	}
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Waymark:a person@example.org" || u.Query().Get("secret") != "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" || u.Query().Get("issuer") != "Waymark" {
		t.Error(got)
	}
	if want := "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"; OneTimeText(secret) != want {
		t.Error(OneTimeText(secret))
	}
	if key, err := otp.NewKeyFromURL(got); err != nil || key.Secret() != strings.ReplaceAll(OneTimeText(secret), " ", "") {
		t.Errorf("another reader of such addresses: %v", err)
	}
}
