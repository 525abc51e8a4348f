package vault

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"waymark/internal/durable"
	"waymark/internal/fault"
)

// Master wraps and unwraps keysets. It is a key file (File) or a key of a key
// service (trust/vault/transit).
type Master interface {
	// Name tells master keys apart, for people: "file 2a5b1c09" or an address. It
	// is no secret.
	Name() string
	Encrypt(plain, bound []byte) ([]byte, error)
	Decrypt(wrapped, bound []byte) ([]byte, error)
}

// File returns the master key in the file at path: an AES-256-GCM keyset of Tink
// in cleartext JSON, which nobody but the owner may read. If there is no such
// file and dir, the folder of keys, holds none yet, the file is made; of several
// processes that make it at once, all get the same key. If dir does hold keys,
// the missing file is a fault: a new key would open none of them.
func File(path, dir string) (Master, error) {
	if ext := filepath.Ext(path); ext == suffixKeyset || ext == suffixSecret {
		return nil, fault.New(fault.Invalid, fault.Place{File: path}, "a master key is not called like the keys that it wraps", "call it master.key")
	}
	data, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeMaster(path, dir); err != nil {
			return nil, err
		}
		data, err = readPrivate(path)
	}
	if err != nil {
		return nil, located(path, err)
	}
	return parseMaster(path, data)
}

func makeMaster(path, dir string) error {
	held, err := heldFiles(dir)
	if err != nil {
		return unusable(dir, "the folder of keys could not be read", err)
	}
	if _, err := os.Lstat(path); err == nil {
		return nil // another process made it, and keys with it
	}
	if len(held) > 0 {
		return fault.Wrap(fault.Unavailable, fault.Place{File: path}, "the master key is lost: the folder of keys has keys, and the file that opens them is not there", remedyLost, ErrNoKey)
	}
	return writeMaster(path)
}

// NewFile is File for a master key that is to take another's place: there are
// keys already, and the file is made all the same. One that is there is taken.
func NewFile(path string) (Master, error) {
	if err := writeMaster(path); err != nil {
		return nil, err
	}
	data, err := readPrivate(path)
	if err != nil {
		return nil, located(path, err)
	}
	return parseMaster(path, data)
}

// writeMaster makes a master key in a file, unless the file is there.
func writeMaster(path string) error {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&b)); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return unusable(filepath.Dir(path), "the folder of the master key could not be made", err)
	}
	if err := durable.Create(path, b.Bytes()); err != nil && !errors.Is(err, fs.ErrExist) {
		return unusable(path, "the master key could not be written", err)
	}
	return nil
}

func parseMaster(path string, data []byte) (Master, error) {
	h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(data)))
	if err == nil {
		var p keysetAEAD
		if p.AEAD, err = aead.New(h); err == nil {
			p.name = fmt.Sprintf("file %08x", h.KeysetInfo().GetPrimaryKeyId())
			return p, nil
		}
	}
	return nil, fault.Wrap(fault.Unavailable, fault.Place{File: path}, "this is no master key", remedyLost, ErrNoKey)
}

// located gives a plain error its file.
func located(path string, err error) error {
	var f *fault.Fault
	if errors.As(err, &f) {
		return err
	}
	return unusable(path, "the file of the key could not be read", err)
}
