// Package sealtest encrypts submissions as a phone does, for tests only. It was
// written from the ODK XForms specification, "Encryption", and shares no code
// with the package that opens them: the feedback mode is spelt out by hand.
package sealtest

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"fmt"
)

// Submission is what a phone encrypts.
type Submission struct {
	// Namespace of the manifest. Required.
	Namespace string
	// FormID, Version (nil for none) and InstanceID say what it is. Required but for
	// Version.
	FormID     string
	Version    *string
	InstanceID string
	XML        []byte
	Media      []File
	// Mask is the hash in OAEP's mask. Default: SHA-256.
	Mask crypto.Hash
	// Unsigned leaves the signature out.
	Unsigned bool
}

// File is a file by name.
type File struct {
	Name string
	Data []byte
}

// Seal encrypts to a public key as a form has it. It returns the manifest and the
// files that go with it, the document last.
func Seal(public string, s Submission) (manifest []byte, files []File, err error) {
	der, err := base64.StdEncoding.DecodeString(public)
	if err != nil {
		return nil, nil, err
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, nil, err
	}
	key := parsed.(*rsa.PublicKey)
	aesKey := make([]byte, 32)
	_, _ = rand.Read(aesKey)
	if s.Mask == 0 {
		s.Mask = crypto.SHA256
	}
	wrap := func(b []byte) (string, error) {
		out, err := rsa.EncryptOAEPWithOptions(rand.Reader, key, b, &rsa.OAEPOptions{Hash: crypto.SHA256, MGFHash: s.Mask})
		return base64.StdEncoding.EncodeToString(out), err
	}
	wrapped, err := wrap(aesKey)
	if err != nil {
		return nil, nil, err
	}
	signed := s.FormID + "\n"
	root := fmt.Sprintf(`<data xmlns="%s" id="%s" encrypted="yes"`, s.Namespace, s.FormID)
	if s.Version != nil {
		signed += *s.Version + "\n"
		root += fmt.Sprintf(` version="%s"`, *s.Version)
	}
	signed += wrapped + "\n" + s.InstanceID + "\n"
	var b bytes.Buffer
	b.WriteString(root + "><base64EncryptedKey>" + wrapped + `</base64EncryptedKey><orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>` + s.InstanceID + "</orx:instanceID></orx:meta>\n")
	seed := md5.Sum(append([]byte(s.InstanceID), aesKey...))
	for i, f := range append(append([]File(nil), s.Media...), File{"submission.xml", s.XML}) {
		seed[i%16]++
		files = append(files, File{f.Name + ".enc", feedback(aesKey, seed[:], f.Data)})
		signed += fmt.Sprintf("%s::%x\n", f.Name, md5.Sum(f.Data))
		if i < len(s.Media) {
			b.WriteString("<media><file>")
			_ = xml.EscapeText(&b, []byte(f.Name+".enc"))
			b.WriteString("</file></media>\n")
		}
	}
	b.WriteString("<encryptedXmlFile>submission.xml.enc</encryptedXmlFile>")
	if !s.Unsigned {
		sum := md5.Sum([]byte(signed))
		signature, err := wrap(sum[:])
		if err != nil {
			return nil, nil, err
		}
		b.WriteString("<base64EncryptedElementSignature>" + signature + "</base64EncryptedElementSignature>")
	}
	b.WriteString("</data>")
	return b.Bytes(), files, nil
}

// feedback is AES in CFB mode of 128 bits over data padded to whole blocks.
// Source: NIST SP 800-38A, §6.3; RFC 5652, §6.3 for the padding.
func feedback(key, iv, data []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	pad := 16 - len(data)%16
	padded := append(bytes.Clone(data), bytes.Repeat([]byte{byte(pad)}, pad)...)
	register := bytes.Clone(iv)
	for at := 0; at < len(padded); at += 16 {
		block.Encrypt(register, register)
		for i := range 16 {
			register[i] ^= padded[at+i]
		}
		copy(padded[at:], register)
	}
	return padded
}
