package main

import (
	"context"
	"errors"
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
	audit  *store.Log
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
		return vault.File(filepath.Join(c.Keys.Dir, "master.key"), c.Keys.Dir)
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
	cases, err := vault.OpenCases(keys)
	if err != nil {
		return nil, err
	}
	files, err := openFiles(c, keys)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, store.Options{Vault: keys, Cases: cases, Log: log, URL: url, Dir: c.Data, Files: files})
	if err != nil {
		return nil, err
	}
	h := &house{vault: keys, db: db}
	if h.signer, err = openSigner(keys); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	h.audit = db.Log(h.signer)
	return h, nil
}

// openSigner reads the key that signs checkpoints of the audit, or makes it. It
// is wrapped by the master key as the keysets are. Several processes of one
// server get the same.
func openSigner(keys *vault.Vault) (*audit.Signer, error) {
	secret, err := keys.Secret("audit-signer", audit.NewKey)
	if err != nil {
		return nil, err
	}
	return audit.NewSigner(secret)
}

// secret is bytes for cookies and digests: the same in every process that has
// the keys, and in no file.
func (h *house) secret(purpose string) ([]byte, error) {
	return h.vault.Token(vault.Accounts, []byte("waymark serve: "+purpose))
}

// Close writes what waits and closes.
func (h *house) Close() error { return h.db.Close() }
