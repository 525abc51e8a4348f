package xpath

import (
	"crypto/ed25519"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// digest hashes a text as its UTF-8 bytes; ok is false for an unknown algorithm.
// MD5 and SHA-1 are what forms ask for to make short keys; they protect nothing.
func digest(s, algorithm string) (sum []byte, ok bool) {
	b := []byte(s)
	switch strings.ReplaceAll(strings.ToUpper(algorithm), "-", "") {
	case "MD5":
		h := md5.Sum(b)
		return h[:], true
	case "SHA1":
		h := sha1.Sum(b)
		return h[:], true
	case "SHA256":
		h := sha256.Sum256(b)
		return h[:], true
	case "SHA384":
		h := sha512.Sum384(b)
		return h[:], true
	case "SHA512":
		h := sha512.Sum512(b)
		return h[:], true
	}
	return nil, false
}

const (
	digestRemedy = "use MD5, SHA-1, SHA-256, SHA-384 or SHA-512"
	encodeRemedy = "use base64 or hex"
)

func encode(b []byte, encoding string) (string, bool) {
	switch strings.ToLower(encoding) {
	case "base64":
		return base64.StdEncoding.EncodeToString(b), true
	case "hex":
		return hex.EncodeToString(b), true
	}
	return "", false
}

// buildDigest compiles digest(text, algorithm, encoding?); the encoding is base64
// unless given.
func buildDigest(k *compiler, n *Call, a []code) code {
	if _, ok := digest("", a[1].text0()); a[1].fixed && !ok {
		return k.bad(n.Args[1], "names a digest that does not exist", digestRemedy)
	}
	encoding := fixed(text("base64"))
	if len(a) == 3 {
		encoding = a[2]
		if _, ok := encode(nil, encoding.text0()); encoding.fixed && !ok {
			return k.bad(n.Args[2], "names an encoding that does not exist", encodeRemedy)
		}
	}
	return textCode(func(c *Context) string {
		sum, ok := digest(a[0].text(c), a[1].text(c))
		if !ok {
			c.failf(digestRemedy, "digest() is asked for an algorithm that does not exist")
			return ""
		}
		s, ok := encode(sum, encoding.text(c))
		if !ok {
			c.failf(encodeRemedy, "digest() is asked for an encoding that does not exist")
		}
		return s
	})
}

// text0 returns the text of fixed code, and "" of other code.
func (x code) text0() string {
	if !x.fixed {
		return ""
	}
	return x.text(nil)
}

// decodeBytes reads base64, passing over what is none of its characters; what is
// then no whole number of groups of four gives nothing, as in JavaRosa.
func decodeBytes(s string) []byte {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z', r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '+', r == '/', r == '=':
			return r
		}
		return -1
	}, s)
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return nil
	}
	return b
}

func decodeBase64(s string) string { return asText(decodeBytes(s)) }

// asText reads UTF-8; every byte that is none becomes U+FFFD.
func asText(b []byte) string { return string([]rune(string(b))) }

// extractSigned returns the message of contents, base64 of an Ed25519 signature
// followed by the message, if the public key, in base64, signed it; else "".
func extractSigned(contents, publicKey string) string {
	b, key := decodeBytes(contents), decodeBytes(publicKey)
	if len(b) < ed25519.SignatureSize || len(key) != ed25519.PublicKeySize {
		return ""
	}
	message := b[ed25519.SignatureSize:]
	if !ed25519.Verify(key, message, b[:ed25519.SignatureSize]) {
		return ""
	}
	return asText(message)
}
