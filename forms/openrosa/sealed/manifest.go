package sealed

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"waymark/internal/fault"
	"waymark/internal/xmltext"
)

// The namespaces of manifests: the specification's, and the one that Collect
// writes. Source: EncryptionUtils.XML_ENCRYPTED_TAG_NAMESPACE.
const (
	Namespace        = "http://opendatakit.org/submissions"
	CollectNamespace = "http://www.opendatakit.org/xforms/encrypted"
)

// MaxManifest is the largest manifest that is read, in bytes, inclusive.
const MaxManifest = 4 << 20

// Manifest is the document that a phone sends in place of an encrypted one.
type Manifest struct {
	FormID string
	// Version of the form, and whether the manifest says one.
	Version    string
	Versioned  bool
	InstanceID string
	// Key is the AES key, encrypted by RSA.
	Key []byte
	// XMLFile is the name of the encrypted document, Media those of the encrypted
	// files in the order in which they were encrypted.
	XMLFile string
	Media   []string
	// Signature is encrypted by RSA; nil if there is none.
	Signature []byte

	keyText string // as written, which the signature covers
}

// Names are the files that must come with the manifest.
func (m *Manifest) Names() []string { return append(append([]string(nil), m.Media...), m.XMLFile) }

// plainName is a file's name before it was encrypted.
func plainName(name string) string { return strings.TrimSuffix(name, ".enc") }

// ReadManifest reads a manifest. It refuses document types and entities. The
// faults say what is missing and hold no answer. Source: ODK XForms
// specification, "Submission Manifest".
func ReadManifest(data []byte) (*Manifest, error) {
	if len(data) > MaxManifest {
		return nil, wrong("the manifest is too large")
	}
	r := &manifestReader{dec: xml.NewDecoder(bytes.NewReader(data)), m: &Manifest{}, texts: map[string]string{}}
	if err := r.read(); err != nil {
		return nil, err
	}
	m := r.m
	m.InstanceID, m.keyText, m.XMLFile = r.texts["meta/instanceID"], r.texts["base64EncryptedKey"], r.texts["encryptedXmlFile"]
	faults := fault.NewList(10)
	need := func(ok bool, field, message string) {
		if !ok {
			faults.Add(fault.New(fault.Invalid, fault.Place{Field: field}, message, ""))
		}
	}
	var err error
	m.Key, err = base64.StdEncoding.DecodeString(m.keyText)
	need(err == nil && len(m.Key) > 0, "base64EncryptedKey", "the encrypted key is missing or no base64")
	m.Signature, err = base64.StdEncoding.DecodeString(r.texts["base64EncryptedElementSignature"])
	need(err == nil, "base64EncryptedElementSignature", "the signature is no base64")
	need(m.FormID != "", "id", "the manifest does not say its form")
	need(m.InstanceID != "", "meta/instanceID", "the manifest has no instanceID, without which it cannot be opened")
	need(m.XMLFile != "", "encryptedXmlFile", "the manifest does not say where the document is")
	seen := map[string]bool{}
	for _, name := range m.Names() {
		need(name == "" || !seen[name] && !strings.ContainsFunc(name, notInName), "file", "a file's name is there twice or cannot be used")
		seen[name] = true
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return m, nil
}

func notInName(c rune) bool { return c == '/' || c == '\\' || c < 0x20 || c == 0x7f }

func wrong(message string) error {
	return fault.New(fault.Invalid, fault.Place{}, message, "")
}

// manifestReader goes through the elements of a manifest.
type manifestReader struct {
	dec   *xml.Decoder
	m     *Manifest
	texts map[string]string // by path below the root
	path  []string
	text  strings.Builder
	space string
}

func (r *manifestReader) read() error {
	for {
		tok, err := r.dec.Token()
		if errors.Is(err, io.EOF) && len(r.path) == 0 && r.space != "" {
			return nil
		}
		if err != nil {
			return fault.Wrap(fault.Invalid, fault.Place{}, "the manifest is not well formed", "", err)
		}
		switch t := tok.(type) {
		case xml.Directive:
			return wrong("document types and entity declarations are refused")
		case xml.StartElement:
			if err := r.open(t); err != nil {
				return err
			}
		case xml.CharData:
			r.text.Write(t)
		case xml.EndElement:
			if err := r.close(); err != nil {
				return err
			}
		}
	}
}

func (r *manifestReader) open(t xml.StartElement) error {
	r.text.Reset()
	switch {
	case len(r.path) == 0 && r.space != "":
		return wrong("the manifest has two root elements")
	case len(r.path) == 0:
		if t.Name.Space != Namespace && t.Name.Space != CollectNamespace {
			return wrong("the document is no manifest of an encrypted submission")
		}
		r.space = t.Name.Space
		encrypted := false
		for _, a := range t.Attr {
			switch a.Name.Local {
			case "id":
				r.m.FormID = a.Value
			case "version":
				r.m.Version, r.m.Versioned = a.Value, true
			case "encrypted":
				encrypted = a.Value == "yes"
			}
		}
		if !encrypted {
			return wrong("the document is no manifest of an encrypted submission")
		}
	case len(r.path) > 4:
		return wrong("the manifest is nested too deeply")
	}
	r.path = append(r.path, t.Name.Local)
	return nil
}

func (r *manifestReader) close() error {
	path := strings.Join(r.path[1:], "/")
	text := strings.TrimFunc(r.text.String(), func(c rune) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' })
	r.text.Reset()
	r.path = r.path[:len(r.path)-1]
	for _, c := range text {
		if !xmltext.Allowed(c) {
			return wrong("the manifest is not well formed")
		}
	}
	switch path {
	case "media/file":
		r.m.Media = append(r.m.Media, text)
	case "base64EncryptedKey", "encryptedXmlFile", "base64EncryptedElementSignature", "meta/instanceID":
		if _, twice := r.texts[path]; twice {
			return wrong("the manifest says " + path + " twice")
		}
		r.texts[path] = text
	}
	return nil
}
