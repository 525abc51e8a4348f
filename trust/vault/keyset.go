package vault

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/streamingaead"
	"github.com/tink-crypto/tink-go/v2/streamingaead/aesgcmhkdf"
	"github.com/tink-crypto/tink-go/v2/tink"

	"waymark/internal/fault"
)

// segment is what a stream is cut into, in bytes of sealed text: small enough
// that many uploads at once need little memory.
const segment = 64 << 10

// formatKeyset names the layout of a keyset's file. It is bound into what is
// wrapped, with the scope and the use of each key.
const formatKeyset = "waymark-keyset-1"

// keysetFile is the file of one scope: three encrypted keysets in Tink's own
// JSON, so that Tink's tools can read them without us.
type keysetFile struct {
	Format string `json:"format"`
	Scope  Scope  `json:"scope"`
	Made   string `json:"made"` // RFC 3339, UTC
	// Master is the name of the key that wraps these.
	Master string `json:"master"`
	// Fingerprint is a keyed digest of nothing secret; it proves later which key
	// was destroyed.
	Fingerprint string          `json:"fingerprint"`
	Data        json.RawMessage `json:"data"`   // AES-256-GCM
	Stream      json.RawMessage `json:"stream"` // AES-256-GCM-HKDF, 64 kB
	Token       json.RawMessage `json:"token"`  // HMAC-SHA-256, as a PRF
}

// keysetAEAD is a master key that is a Tink keyset.
type keysetAEAD struct {
	tink.AEAD
	name string
}

func (k keysetAEAD) Name() string { return k.name }

// handles are the keys of a scope, unwrapped.
type handles struct{ data, stream, token *keyset.Handle }

// primitives are what works with them.
type primitives struct {
	data        tink.AEAD
	stream      tink.StreamingAEAD
	token       *prf.Set
	fingerprint string
}

func newHandles() (h handles, err error) {
	if h.data, err = keyset.NewHandle(aead.AES256GCMKeyTemplate()); err != nil {
		return h, err
	}
	params, err := aesgcmhkdf.NewParameters(aesgcmhkdf.ParametersOpts{KeySizeInBytes: 32, DerivedKeySizeInBytes: 32,
		HKDFHashType: aesgcmhkdf.SHA256, SegmentSizeInBytes: segment})
	if err != nil {
		return h, err
	}
	m := keyset.NewManager()
	id, err := m.AddNewKeyFromParameters(params)
	if err == nil {
		err = m.SetPrimary(id)
	}
	if err != nil {
		return h, err
	}
	if h.stream, err = m.Handle(); err != nil {
		return h, err
	}
	h.token, err = keyset.NewHandle(prf.HMACSHA256PRFKeyTemplate())
	return h, err
}

func (h handles) primitives() (p primitives, err error) {
	if p.data, err = aead.New(h.data); err != nil {
		return p, err
	}
	if p.stream, err = streamingaead.New(h.stream); err != nil {
		return p, err
	}
	if p.token, err = prf.NewPRFSet(h.token); err != nil {
		return p, err
	}
	print, err := p.token.ComputePrimaryPRF([]byte("waymark fingerprint"), 16)
	p.fingerprint = hex.EncodeToString(print)
	return p, err
}

// boundTo is what each wrapped keyset is bound to, so that none passes for
// another's.
func boundTo(scope Scope, use string) []byte {
	return []byte(formatKeyset + ":" + string(scope) + ":" + use)
}

func wrap(h handles, scope Scope, made string, master Master) ([]byte, error) {
	p, err := h.primitives()
	if err != nil {
		return nil, err
	}
	f := keysetFile{Format: formatKeyset, Scope: scope, Made: made, Master: master.Name(), Fingerprint: p.fingerprint}
	for _, k := range []struct {
		use  string
		h    *keyset.Handle
		into *json.RawMessage
	}{{"data", h.data, &f.Data}, {"stream", h.stream, &f.Stream}, {"token", h.token, &f.Token}} {
		var b bytes.Buffer
		if err := k.h.WriteWithAssociatedData(keyset.NewJSONWriter(&b), master, boundTo(scope, k.use)); err != nil {
			return nil, err
		}
		*k.into = b.Bytes()
	}
	return json.MarshalIndent(f, "", " ")
}

// unwrap reads a keyset's file. Whatever is wrong with it is a fault.
func unwrap(name string, data []byte, scope Scope, master Master) (handles, *keysetFile, error) {
	var f keysetFile
	var h handles
	if err := json.Unmarshal(data, &f); err != nil || f.Format != formatKeyset || f.Scope != scope {
		return h, nil, fault.Wrap(fault.Unavailable, fault.Place{File: name}, fmt.Sprintf("this is no keyset of %q", scope), remedyLost, ErrNoKey)
	}
	for _, k := range []struct {
		use  string
		raw  json.RawMessage
		into **keyset.Handle
	}{{"data", f.Data, &h.data}, {"stream", f.Stream, &h.stream}, {"token", f.Token, &h.token}} {
		read, err := keyset.ReadWithAssociatedData(keyset.NewJSONReader(bytes.NewReader(k.raw)), master, boundTo(scope, k.use))
		if err != nil {
			return h, nil, wrongMaster(name, f.Master, master.Name(), err)
		}
		*k.into = read
	}
	return h, &f, nil
}

func now() string { return time.Now().UTC().Format(time.RFC3339) }
