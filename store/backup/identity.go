package backup

import (
	"bytes"
	"io"
	"os"
	"strings"

	"filippo.io/age"

	"waymark/internal/fault"
)

// maxIdentityFile bounds a file of recipients, identities or a passphrase.
const maxIdentityFile = 64 << 10

// minPassphrase is the least length of a passphrase, in bytes. It is what keeps
// everything; a person does not type it often.
const minPassphrase = 16

// Recipients are those of a file of age recipients ("age1...", one a line, # for
// remarks), or of a file that holds a passphrase. Exactly one is Required.
func Recipients(recipientsFile, passphraseFile string) ([]age.Recipient, error) {
	if err := one(recipientsFile, passphraseFile, "--recipients"); err != nil {
		return nil, err
	}
	if passphraseFile != "" {
		passphrase, err := passphrase(passphraseFile)
		if err != nil {
			return nil, err
		}
		r, err := age.NewScryptRecipient(passphrase)
		if err != nil {
			return nil, err
		}
		return []age.Recipient{r}, nil
	}
	text, err := readIdentity(recipientsFile)
	if err != nil {
		return nil, err
	}
	to, err := age.ParseRecipients(bytes.NewReader(text))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, fault.Place{File: recipientsFile}, "this is no list of age recipients", "write one age1... on each line; age-keygen makes them", err)
	}
	return to, nil
}

// Identities are those of a file of age identities, or of a file that holds a
// passphrase. Exactly one is Required.
func Identities(identityFile, passphraseFile string) ([]age.Identity, error) {
	if err := one(identityFile, passphraseFile, "--identity"); err != nil {
		return nil, err
	}
	if passphraseFile != "" {
		passphrase, err := passphrase(passphraseFile)
		if err != nil {
			return nil, err
		}
		i, err := age.NewScryptIdentity(passphrase)
		if err != nil {
			return nil, err
		}
		i.SetMaxWorkFactor(22)
		return []age.Identity{i}, nil
	}
	text, err := readIdentity(identityFile)
	if err != nil {
		return nil, err
	}
	by, err := age.ParseIdentities(bytes.NewReader(text))
	if err != nil {
		// The cause is left out: it may show a part of the key.
		return nil, fault.New(fault.Invalid, fault.Place{File: identityFile}, "this is no age identity", "give the file that age-keygen wrote")
	}
	return by, nil
}

func one(file, passphraseFile, flag string) error {
	if (file == "") == (passphraseFile == "") {
		return fault.New(fault.Usage, fault.Place{}, "give either "+flag+" or --passphrase-file", "age-keygen makes a pair: its public line is for recipients, its file for the identity")
	}
	return nil
}

// passphrase reads the first line of a file.
func passphrase(path string) (string, error) {
	text, err := readIdentity(path)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	line = strings.TrimSuffix(line, "\r")
	if len(line) < minPassphrase {
		return "", fault.New(fault.Invalid, fault.Place{File: path}, "the passphrase is too short: everything rests on it", "use 16 characters or more, such as six words")
	}
	return line, nil
}

func readIdentity(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(fault.NotFound, fault.Place{File: path}, "the file cannot be read", "", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxIdentityFile+1))
	if err == nil && len(text) > maxIdentityFile {
		return nil, fault.New(fault.Invalid, fault.Place{File: path}, "the file is too large for what it should be", "")
	}
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fault.Place{File: path}, "the file cannot be read", "", err)
	}
	return text, nil
}
