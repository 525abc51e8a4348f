package matter

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/base32"
	"encoding/base64"
	"strings"

	"waymark/internal/fault"
	"waymark/referral"
	"waymark/referral/rule"
	"waymark/web/page"
)

//go:embed *.tmpl lang/*.yaml
var files embed.FS

// Area is the kit's partials and words. A site with an area that Uses "matter" has
// it too. It has no routes.
func Area() page.Area { return page.Area{Name: "matter", Files: files} }

// Options are what a Kit is made with.
type Options struct {
	House *page.House    // Required
	Store referral.Store // Required
	// Library has the rules. Required.
	Library *referral.Library
	// Secret keys the digests of tokens and codes: at least 32 bytes, the same for as
	// long as links and codes are to work. Default House.Secret.
	Secret []byte
}

// Kit is shared by all areas of concerns and cases.
type Kit struct{ Options }

// New returns a Kit.
func New(o Options) (*Kit, error) {
	if o.House != nil && o.Secret == nil {
		o.Secret = o.House.Secret
	}
	if o.House == nil || o.Store == nil || o.Library == nil || len(o.Secret) < 32 {
		return nil, fault.New(fault.Internal, fault.Place{}, "pages of matters need a house, a store, the rules and a secret of 32 bytes", "")
	}
	return &Kit{Options: o}, nil
}

// Pathway is the rules that apply to a matter, those that it began under, or to what
// begins now in a network if m is nil.
func (k *Kit) Pathway(ctx context.Context, n *referral.Network, m *referral.Matter) (*rule.Pathway, error) {
	if m == nil || m.Rules == "" {
		return k.Library.InForce(ctx, n)
	}
	return k.Library.Version(ctx, m.Rules)
}

// NewToken makes the secret at the end of a link or in a cookie, of 256 bits.
func NewToken() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// codeLetters leave out what is easily misread.
var codeLetters = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewCode makes a code that people write down, of 80 bits in groups of four.
func NewCode() string {
	b := make([]byte, 10)
	rand.Read(b)
	return Code(b)
}

// Code writes the first 80 bits of a secret as a code.
func Code(secret []byte) string {
	s := strings.ToUpper(codeLetters.EncodeToString(secret[:10]))
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

// Digest is how a token or a code is stored. Codes are read as people type them.
func (k *Kit) Digest(kind, secret string) []byte {
	if kind == string(referral.Receipt) {
		secret = strings.ToLower(secret)
		secret = strings.NewReplacer("-", "", " ", "", "o", "0", "i", "1", "l", "1", "u", "v").Replace(strings.TrimSpace(secret))
	}
	m := hmac.New(sha256.New, k.Secret)
	m.Write([]byte("waymark matter\x00" + kind + "\x00" + secret))
	return m.Sum(nil)
}

// LinkKind is the kind of Digest for organisations' links.
const LinkKind = "link"
