package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"waymark/internal/fault"
)

// What is in the folder of the keys of cases: DIR/cases/xx/ID.key.
const (
	casesDir   = "cases"
	suffixCase = ".key"
	// suffixNew ends the name of a file that is being written: ID.RANDOM.new. It
	// begins with the ID, so that destroying a key finds what a killed process left.
	suffixNew = ".new"
)

// formatCase begins the file of one case's keys and names its layout: 16 bytes of
// fingerprint in clear, then three encrypted keysets of Tink in binary (data,
// stream, token), each behind its length in two bytes, big-endian. It is bound
// into what is wrapped, with the case's identifier and the use of the key.
const formatCase = "waymark-case-1\n"

// fingerprintSize is in bytes.
const fingerprintSize = 16

// shard is the folder of a case's files, one of 256, evenly filled whatever the
// identifiers look like.
func shard(id Scope) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:1])
}

// CaseFile says whose file this is, by its path in the folder of keys
// ("cases/7f/0c5m....key"), and whether it is the mark of a destroyed one.
func CaseFile(name string) (id Scope, destroyed, ok bool) {
	rest, in := strings.CutPrefix(name, casesDir+"/")
	dir, base, two := strings.Cut(rest, "/")
	if !in || !two {
		return "", false, false
	}
	text, isKey := strings.CutSuffix(base, suffixCase)
	if !isKey {
		text, destroyed = strings.CutSuffix(base, suffixDestroyed)
	}
	id = Scope(text)
	return id, destroyed, (isKey || destroyed) && validScope(id) && shard(id) == dir
}

// SameCaseKeys says whether two files hold the same keys of a case, though they
// may be wrapped differently.
func SameCaseKeys(a, b []byte) bool {
	pa, okA := printOf(a)
	pb, okB := printOf(b)
	return okA && okB && pa == pb
}

// printOf reads the fingerprint that stands in clear in a case's file.
func printOf(data []byte) (string, bool) {
	rest, ok := bytes.CutPrefix(data, []byte(formatCase))
	if !ok || len(rest) < fingerprintSize {
		return "", false
	}
	return hex.EncodeToString(rest[:fingerprintSize]), true
}

func boundToCase(id Scope, use string) []byte {
	return []byte(formatCase + string(id) + ":" + use)
}

// caseUses are the keys of a case in the order of its file.
var caseUses = [...]string{"data", "stream", "token"}

func (h *handles) of(use int) **keyset.Handle {
	return [...]**keyset.Handle{&h.data, &h.stream, &h.token}[use]
}

func wrapCase(h handles, print string, id Scope, by tink.AEAD) ([]byte, error) {
	raw, err := hex.DecodeString(print)
	if err != nil {
		return nil, err
	}
	out := append([]byte(formatCase), raw...)
	for i, use := range caseUses {
		var b bytes.Buffer
		if err := (*h.of(i)).WriteWithAssociatedData(keyset.NewBinaryWriter(&b), by, boundToCase(id, use)); err != nil {
			return nil, err
		}
		out = binary.BigEndian.AppendUint16(out, uint16(b.Len()))
		out = append(out, b.Bytes()...)
	}
	return out, nil
}

// sections cuts a case's file into its wrapped keysets.
func sections(data []byte) (parts [len(caseUses)][]byte, ok bool) {
	if _, ok := printOf(data); !ok {
		return parts, false
	}
	data = data[len(formatCase)+fingerprintSize:]
	for i := range parts {
		if len(data) < 2 {
			return parts, false
		}
		n := int(binary.BigEndian.Uint16(data))
		if data = data[2:]; len(data) < n {
			return parts, false
		}
		parts[i], data = data[:n], data[n:]
	}
	return parts, len(data) == 0
}

func unwrapCase(data []byte, id Scope, by tink.AEAD) (h handles, p primitives, err error) {
	parts, ok := sections(data)
	if !ok {
		return h, p, noCase(id, nil)
	}
	for i, use := range caseUses {
		read, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(parts[i])), by, boundToCase(id, use))
		if err != nil {
			return h, p, noCase(id, err)
		}
		*h.of(i) = read
	}
	if p, err = h.primitives(); err != nil {
		return h, p, err
	}
	if print, _ := printOf(data); print != p.fingerprint {
		return h, p, noCase(id, nil)
	}
	return h, p, nil
}

// wrappedBy says whether all of a case's file is wrapped by the key of this
// number: Tink puts it before what it seals.
func wrappedBy(data []byte, key uint32) bool {
	parts, ok := sections(data)
	if !ok {
		return false
	}
	prefix := binary.BigEndian.AppendUint32([]byte{1}, key)
	for _, part := range parts {
		read, err := keyset.NewBinaryReader(bytes.NewReader(part)).ReadEncrypted()
		if err != nil || !bytes.HasPrefix(read.GetEncryptedKeyset(), prefix) {
			return false
		}
	}
	return true
}

// noCase is for the file of a case that is no such file, another's, changed, or
// wrapped by a key that is gone.
func noCase(id Scope, cause error) error {
	return fault.Wrap(fault.Unavailable, fault.Place{File: string(id) + suffixCase},
		fmt.Sprintf("the keys of case %q do not open: the file was changed, or is older than the folder of keys", id), remedyLost, joinNoKey(cause))
}
