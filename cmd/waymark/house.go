package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"waymark/internal/fault"
	"waymark/store"
	"waymark/trust/audit"
	"waymark/trust/vault"
	"waymark/trust/vault/transit"
)

// house is what the server's commands work on: keys, database, contents. Close
// it.
type house struct {
	vault  *vault.Vault
	db     *store.DB
	signer *audit.Signer
}

// openVault opens the keys that the settings name; at a first start it makes them.
func openVault(c *serveConfig) (*vault.Vault, error) {
	if err := os.MkdirAll(c.Keys.Dir, 0o700); err != nil {
		return nil, fault.Wrap(fault.Denied, fault.Place{File: c.Keys.Dir}, "the folder of keys cannot be made", "choose another with keys.dir, or let the server's user write there", err)
	}
	master, err := openMaster(c)
	if err != nil {
		return nil, err
	}
	return vault.Open(c.Keys.Dir, master)
}

func openMaster(c *serveConfig) (vault.Master, error) {
	if c.Keys.Service == "" {
		return vault.File(filepath.Join(c.Keys.Dir, "master.json"), c.Keys.Dir)
	}
	return transit.Open(transit.Options{Key: c.Keys.Service, Token: os.Getenv("VAULT_TOKEN"), TokenFile: c.Keys.TokenFile})
}

// openHouse opens everything, or says what is wrong.
func openHouse(ctx context.Context, c *serveConfig, log *slog.Logger) (*house, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fault.Wrap(fault.Denied, fault.Place{File: c.Data}, "the data folder cannot be made", "choose another with --data, or let the server's user write there", err)
	}
	keys, err := openVault(c)
	if err != nil {
		return nil, err
	}
	url, err := c.databaseURL()
	if err != nil {
		return nil, err
	}
	o := store.Options{Vault: keys, Log: log, URL: url}
	if url == "" {
		o.Dir = c.Data
	}
	db, err := store.Open(ctx, o)
	if err != nil {
		return nil, err
	}
	h := &house{vault: keys, db: db}
	if h.signer, err = openSigner(c); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// openSigner reads the key that signs checkpoints of the audit, or makes it.
// Several processes of one server get the same.
func openSigner(c *serveConfig) (*audit.Signer, error) {
	path := filepath.Join(c.Keys.Dir, "audit.key")
	secret, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if secret, err = audit.NewKey(); err != nil {
			return nil, err
		}
		if err = linkWhole(path, secret); errors.Is(err, fs.ErrExist) {
			secret, err = os.ReadFile(path)
		}
	}
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, fault.Place{File: path}, "the key that signs the audit cannot be used", "let the server's user read and write the folder of keys", err)
	}
	return audit.NewSigner(secret)
}

// linkWhole makes a file with its whole content, durably, unless it is there.
func linkWhole(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".waymark-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Sync()
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Link(tmp.Name(), path)
	}
	return err
}

// secret is bytes for cookies and digests: the same in every process that has
// the keys, and in no file.
func (h *house) secret(purpose string) ([]byte, error) {
	return h.vault.Token(vault.Accounts, []byte("waymark serve: "+purpose))
}

// Close writes what waits and closes.
func (h *house) Close() error { return h.db.Close() }
