// Package sealed opens submissions that a phone encrypted to a form's public key,
// and makes such keys.
//
// The document and every file of a submission are encrypted by AES-256 in CFB
// mode (128 bits of feedback) with PKCS #7 padding, under one key made for it. Each
// has its own initialisation vector: the MD5 of instanceID and key, whose bytes
// are counted up in turn, one for each file, media first and the document last.
// The key itself is in a manifest, encrypted by RSA-OAEP with SHA-256, and so is an
// MD5 over the identity and the plain files, which the specification calls the
// signature.
//
// MD5 and unauthenticated CFB are what the protocol demands; nothing else of ours
// uses them. The signature finds an accident and a change by who does not have
// the key; anybody can make a whole new submission.
//
// It knows no network, no store and no form. Sources: ODK XForms specification,
// "Encryption"; ODK Collect's EncryptionUtils; for OAEP's mask, which the
// specification leaves open, ODK Central's notes: SHA-256 as Bouncy Castle does,
// which Collect asks for. Android providers that mask with SHA-1 are understood
// too.
package sealed

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"strconv"

	"waymark/internal/fault"
)

// keyBits is the size of the RSA keys that are made: 2048 bits, what Collect and
// Central expect.
const keyBits = 2048

// MaxXML is the largest document that is opened, in bytes, inclusive.
const MaxXML = 64 << 20

// KeyPair is the key of a form whose submissions are encrypted.
type KeyPair struct {
	// Private is PKCS #8 in DER. It opens every submission: seal it before it is
	// stored.
	Private []byte
	// Public is what an XForm has as base64RsaPublicKey of its submission element.
	Public string
}

// NewKeyPair makes a key pair.
func NewKeyPair() (*KeyPair, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	return &KeyPair{Private: private, Public: base64.StdEncoding.EncodeToString(public)}, nil
}

// Opened is what was inside.
type Opened struct {
	Manifest *Manifest
	// XML is the submission as the phone would have sent it without encryption.
	XML []byte
	// Media are its files in the order of the manifest.
	Media []Medium
	// Signed tells that the manifest had a signature, which was right. A wrong one
	// is a fault; none at all is allowed by the specification.
	Signed bool
}

// Medium is a file of the submission: its own name, and the one that it came by.
type Medium struct {
	Name, Sealed string
	Size         int64
}

// Open opens a submission. private is PKCS #8 in DER; files opens what came with
// the manifest, by name; keep gets each plain file as it is read, and may be nil.
//
// Nothing that keep got may be used before Open has returned without a fault:
// only then is it known to be whole. Faults: Invalid for a manifest that is none,
// another key, or contents that were changed; NotFound for a file that has not
// arrived. None of them holds a name or an answer.
func Open(private, manifest []byte, files func(name string) (io.ReadCloser, error), keep func(m Medium, plain io.Reader) error) (*Opened, error) {
	m, err := ReadManifest(manifest)
	if err != nil {
		return nil, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(private)
	rsaKey, ok := parsed.(*rsa.PrivateKey)
	if err != nil || !ok {
		return nil, fault.Wrap(fault.Internal, fault.Place{}, "the form's private key cannot be read", "", err)
	}
	aesKey, err := decrypt(rsaKey, m.Key)
	if err != nil || len(aesKey) != 32 {
		return nil, fault.Wrap(fault.Invalid, fault.Place{Field: "base64EncryptedKey"}, "the submission was encrypted to another key than the form's", "was the form's key changed, or did the phone have another version?", err)
	}
	block, err := aes.NewCipher(aesKey)
	if err != nil {
		return nil, err
	}
	o := &opening{manifest: m, block: block, files: files, of: len(m.Media) + 1}
	o.seed = md5.Sum(append([]byte(m.InstanceID), aesKey...))
	out := &Opened{Manifest: m}
	for _, name := range m.Media {
		medium := Medium{Name: plainName(name), Sealed: name}
		if keep == nil {
			keep = func(Medium, io.Reader) error { return nil }
		}
		if medium.Size, err = o.next(name, func(r io.Reader) error { return keep(medium, r) }); err != nil {
			return nil, err
		}
		out.Media = append(out.Media, medium)
	}
	_, err = o.next(m.XMLFile, func(r io.Reader) error {
		out.XML, err = io.ReadAll(io.LimitReader(r, MaxXML+1))
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case len(out.XML) > MaxXML:
		return nil, fault.New(fault.Invalid, fault.Place{}, "the encrypted document is too large", "")
	case len(m.Signature) == 0:
		return out, nil
	}
	want, err := decrypt(rsaKey, m.Signature)
	if err != nil || !o.signedAs(want) {
		return nil, fault.Wrap(fault.Invalid, fault.Place{Field: "base64EncryptedElementSignature"}, "the signature does not fit the contents: something was changed or exchanged on the way", "have the phone send it again", err)
	}
	out.Signed = true
	return out, nil
}

// decrypt undoes RSA-OAEP with SHA-256: with SHA-256 in the mask, or else SHA-1.
func decrypt(key *rsa.PrivateKey, data []byte) ([]byte, error) {
	plain, err := key.Decrypt(nil, data, &rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA256})
	if err != nil {
		plain, err = key.Decrypt(nil, data, &rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: crypto.SHA1})
	}
	return plain, err
}

// opening goes through the files of one submission in their order.
type opening struct {
	manifest *Manifest
	block    cipher.Block
	files    func(string) (io.ReadCloser, error)
	seed     [md5.Size]byte
	done, of int
	digests  []string // "name::md5" of the plain files
}

// next decrypts the next file and hands it to use.
func (o *opening) next(name string, use func(io.Reader) error) (int64, error) {
	at := fault.Place{Field: "file " + strconv.Itoa(o.done+1) + " of " + strconv.Itoa(o.of)}
	o.seed[o.done%len(o.seed)]++
	o.done++
	f, err := o.files(name)
	if err != nil {
		return 0, fault.Wrap(fault.NotFound, at, "a file of the encrypted submission is not there", "wait until the phone has sent it", err)
	}
	defer f.Close()
	sum := md5.New()
	count := &counter{}
	plain := io.TeeReader(&unpadder{src: cipher.StreamReader{S: decrypter(o.block, o.seed[:]), R: f}}, io.MultiWriter(sum, count))
	if err = use(plain); err == nil {
		_, err = io.Copy(io.Discard, plain)
	}
	switch {
	case errors.Is(err, errPadding):
		return 0, fault.Wrap(fault.Invalid, at, "a file of the encrypted submission cannot be decrypted", "it was cut or changed on the way; have the phone send it again", err)
	case err != nil:
		return 0, err
	}
	o.digests = append(o.digests, plainName(name)+"::"+hex.EncodeToString(sum.Sum(nil)))
	return count.n, nil
}

// decrypter is AES in CFB mode, which the protocol demands.
func decrypter(b cipher.Block, iv []byte) cipher.Stream {
	//lint:ignore SA1019 the protocol has no authenticated mode
	return cipher.NewCFBDecrypter(b, iv)
}

// signedAs compares the digest over identity and contents. A version that is
// there and empty is signed by some clients and left out by others.
func (o *opening) signedAs(want []byte) bool {
	m := o.manifest
	got := o.signature(m.Versioned)
	if subtle.ConstantTimeCompare(got, want) == 1 {
		return true
	}
	return m.Versioned && m.Version == "" && subtle.ConstantTimeCompare(o.signature(false), want) == 1
}

func (o *opening) signature(version bool) []byte {
	h := md5.New()
	line := func(s string) { _, _ = io.WriteString(h, s+"\n") }
	line(o.manifest.FormID)
	if version {
		line(o.manifest.Version)
	}
	line(o.manifest.keyText)
	line(o.manifest.InstanceID)
	for _, d := range o.digests {
		line(d)
	}
	return h.Sum(nil)
}

type counter struct{ n int64 }

func (c *counter) Write(b []byte) (int, error) {
	c.n += int64(len(b))
	return len(b), nil
}
