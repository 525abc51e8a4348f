package sealed_test

import (
	"bytes"
	"crypto"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/forms/openrosa/sealed"
	"waymark/forms/openrosa/sealed/sealtest"
	"waymark/internal/fault"
)

// fixture reads a file of testdata, which make.sh there made with OpenSSL.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func fromTestdata(name string) (io.ReadCloser, error) {
	return os.Open(filepath.Join("testdata", filepath.Base(name)))
}

func TestOpenWhatOpenSSLSealed(t *testing.T) {
	for _, mask := range []string{"sha256", "sha1"} {
		got := map[string][]byte{}
		o, err := sealed.Open(fixture(t, "key.der"), fixture(t, "manifest-"+mask+".xml"), fromTestdata, func(m sealed.Medium, plain io.Reader) error {
			b, err := io.ReadAll(plain)
			got[m.Name] = b
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", mask, err)
		}
		if !o.Signed || !bytes.Equal(o.XML, fixture(t, "submission.xml")) {
			t.Errorf("%s: signed %v, document %q", mask, o.Signed, o.XML)
		}
		if len(o.Media) != 3 {
			t.Fatalf("%s: %d media", mask, len(o.Media))
		}
		for _, m := range o.Media {
			want := fixture(t, m.Name)
			if !bytes.Equal(got[m.Name], want) || m.Size != int64(len(want)) || m.Sealed != m.Name+".enc" {
				t.Errorf("%s: %+v is not its file", mask, m)
			}
		}
	}
}

// seal makes a synthetic submission of a fresh key.
func seal(t testing.TB, change func(*sealtest.Submission)) (private, manifest []byte, files map[string][]byte) {
	t.Helper()
	pair, err := sealed.NewKeyPair()
	if err != nil {
		t.Fatal(err)
	}
	version := "3"
	s := sealtest.Submission{
		Namespace: sealed.Namespace, FormID: "fms", Version: &version, InstanceID: "uuid:1",
		XML: []byte(`<data id="fms" version="3"/>`), Media: []sealtest.File{{Name: "a.jpg", Data: bytes.Repeat([]byte("synthetic"), 10_000)}},
	}
	for i := range 20 { // more files than bytes of the seed
		s.Media = append(s.Media, sealtest.File{Name: strings.Repeat("b", i+1), Data: []byte(strings.Repeat("x", i))})
	}
	if change != nil {
		change(&s)
	}
	manifest, list, err := sealtest.Seal(pair.Public, s)
	if err != nil {
		t.Fatal(err)
	}
	files = map[string][]byte{}
	for _, f := range list {
		files[f.Name] = f.Data
	}
	return pair.Private, manifest, files
}

func opener(files map[string][]byte) func(string) (io.ReadCloser, error) {
	return func(name string) (io.ReadCloser, error) {
		b, ok := files[name]
		if !ok {
			return nil, fault.New(fault.NotFound, fault.Place{}, "no such file", "")
		}
		return io.NopCloser(bytes.NewReader(b)), nil
	}
}

func TestOpen(t *testing.T) {
	empty := ""
	for name, change := range map[string]func(*sealtest.Submission){
		"as specified":     nil,
		"as Collect":       func(s *sealtest.Submission) { s.Namespace = sealed.CollectNamespace },
		"without version":  func(s *sealtest.Submission) { s.Version = nil },
		"empty version":    func(s *sealtest.Submission) { s.Version = &empty },
		"masked with SHA1": func(s *sealtest.Submission) { s.Mask = crypto.SHA1 },
		"no media":         func(s *sealtest.Submission) { s.Media = nil },
	} {
		private, manifest, files := seal(t, change)
		o, err := sealed.Open(private, manifest, opener(files), nil)
		if err != nil || !o.Signed || string(o.XML) != `<data id="fms" version="3"/>` {
			t.Errorf("%s: %v, %+v", name, err, o)
		}
	}
	private, manifest, files := seal(t, func(s *sealtest.Submission) { s.Unsigned = true })
	if o, err := sealed.Open(private, manifest, opener(files), nil); err != nil || o.Signed {
		t.Errorf("unsigned: %v, signed %v", err, o)
	}
}

// A signature over the form without its version, which some clients write when
// the version is empty.
func TestOpenEmptyVersionLeftOut(t *testing.T) {
	private, manifest, files := seal(t, func(s *sealtest.Submission) { s.Version = nil })
	manifest = bytes.Replace(manifest, []byte(`encrypted="yes"`), []byte(`encrypted="yes" version=""`), 1)
	if o, err := sealed.Open(private, manifest, opener(files), nil); err != nil || !o.Signed {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	private, manifest, files := seal(t, nil)
	other, _, _ := seal(t, nil)
	with := func(name string, data []byte) map[string][]byte {
		out := map[string][]byte{}
		for k, v := range files {
			out[k] = v
		}
		if data == nil {
			delete(out, name)
		} else {
			out[name] = data
		}
		return out
	}
	flipped := bytes.Clone(files["a.jpg.enc"])
	flipped[100] ^= 1
	for name, tt := range map[string]struct {
		private, manifest []byte
		files             map[string][]byte
		kind              fault.Kind
	}{
		"another key":       {other, manifest, files, fault.Invalid},
		"no key":            {[]byte("x"), manifest, files, fault.Internal},
		"a file missing":    {private, manifest, with("a.jpg.enc", nil), fault.NotFound},
		"no document":       {private, manifest, with("submission.xml.enc", nil), fault.NotFound},
		"a bit changed":     {private, manifest, with("a.jpg.enc", flipped), fault.Invalid},
		"cut to a block":    {private, manifest, with("a.jpg.enc", flipped[:160]), fault.Invalid},
		"cut within one":    {private, manifest, with("a.jpg.enc", flipped[:161]), fault.Invalid},
		"empty":             {private, manifest, with("a.jpg.enc", []byte{}), fault.Invalid},
		"exchanged":         {private, manifest, with("b.enc", files["bb.enc"]), fault.Invalid},
		"another version":   {private, bytes.Replace(manifest, []byte(`version="3"`), []byte(`version="4"`), 1), files, fault.Invalid},
		"another instance":  {private, bytes.Replace(manifest, []byte("uuid:1"), []byte("uuid:2"), 1), files, fault.Invalid},
		"another order":     {private, bytes.Replace(bytes.Replace(bytes.Replace(manifest, []byte(">bb.enc<"), []byte(">?<"), 1), []byte(">b.enc<"), []byte(">bb.enc<"), 1), []byte(">?<"), []byte(">b.enc<"), 1), files, fault.Invalid},
		"not a manifest":    {private, []byte(`<data id="fms"/>`), files, fault.Invalid},
		"no instanceID":     {private, bytes.Replace(manifest, []byte("uuid:1"), nil, 1), files, fault.Invalid},
		"a doctype":         {private, append([]byte(`<!DOCTYPE data>`), manifest...), files, fault.Invalid},
		"a path":            {private, bytes.Replace(manifest, []byte("a.jpg.enc"), []byte("../a.jpg.enc"), 1), files, fault.Invalid},
		"a name twice":      {private, bytes.Replace(manifest, []byte("a.jpg.enc"), []byte("submission.xml.enc"), 1), files, fault.Invalid},
		"key twice":         {private, bytes.Replace(manifest, []byte("<base64EncryptedKey>"), []byte("<base64EncryptedKey/><base64EncryptedKey>"), 1), files, fault.Invalid},
		"broken key":        {private, bytes.Replace(manifest, []byte("<base64EncryptedKey>"), []byte("<base64EncryptedKey>*"), 1), files, fault.Invalid},
		"cut manifest":      {private, manifest[:len(manifest)-7], files, fault.Invalid},
		"too deep":          {private, bytes.Replace(manifest, []byte("</data>"), []byte("<a><a><a><a><a><a></a></a></a></a></a></a></data>"), 1), files, fault.Invalid},
		"two roots":         {private, append(bytes.Clone(manifest), `<data/>`...), files, fault.Invalid},
		"nothing":           {private, nil, files, fault.Invalid},
		"billion laughs":    {private, []byte(`<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>`), files, fault.Invalid},
		"unknown entity":    {private, bytes.Replace(manifest, []byte("uuid:1"), []byte("&x;"), 1), files, fault.Invalid},
		"another namespace": {private, bytes.Replace(manifest, []byte(sealed.Namespace), []byte("urn:other"), 1), files, fault.Invalid},
	} {
		o, err := sealed.Open(tt.private, tt.manifest, opener(tt.files), nil)
		if err == nil {
			t.Errorf("%s: opened as %q", name, o.XML)
			continue
		}
		if fault.KindOf(err) != tt.kind {
			t.Errorf("%s: %v is %v", name, err, fault.KindOf(err))
		}
		if strings.Contains(err.Error(), "a.jpg") || strings.Contains(err.Error(), "uuid") {
			t.Errorf("%s: the message names something: %v", name, err)
		}
	}
}

// What keep refuses ends the opening with its own error.
func TestOpenStopsWithKeep(t *testing.T) {
	private, manifest, files := seal(t, nil)
	full := errors.New("the disk is full")
	if _, err := sealed.Open(private, manifest, opener(files), func(sealed.Medium, io.Reader) error { return full }); !errors.Is(err, full) {
		t.Error(err)
	}
	o, err := sealed.Open(private, manifest, opener(files), func(m sealed.Medium, r io.Reader) error {
		_, err := io.ReadFull(r, make([]byte, min(3, m.Size))) // reads a part only
		return err
	})
	if err != nil || !o.Signed || o.Media[0].Size != 90_000 {
		t.Errorf("%v, %+v", err, o)
	}
}

// FuzzReadManifest holds that any bytes give a manifest or a fault.
func FuzzReadManifest(f *testing.F) {
	f.Add(fixture(f, "manifest-sha256.xml"))
	f.Add([]byte(`<data xmlns="http://opendatakit.org/submissions" encrypted="yes"><media><file>a</file></media></data>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := sealed.ReadManifest(data)
		if err == nil && (m.InstanceID == "" || m.XMLFile == "" || len(m.Key) == 0) {
			t.Fatalf("taken with something missing: %+v", m)
		}
	})
}
