package store

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"waymark/trust/account"
	"waymark/trust/vault"
)

// A table that a migration adds is in a backup, or is left out for a reason.
func TestEveryTableIsBackedUpOrLeftOut(t *testing.T) {
	db := openDir(t, t.TempDir())
	has, err := list(db.on(t.Context()), "SELECT name FROM sqlite_master WHERE type = 'table'", nil, func(s scan) (string, error) {
		var name string
		err := s(&name)
		return name, err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range has {
		if strings.HasPrefix(name, "sqlite_") || strings.HasPrefix(name, "goose_") {
			continue
		}
		if slices.Contains(Tables, name) == slices.Contains(leftOut, name) {
			t.Errorf("say of the table %s whether a backup holds it", name)
		}
	}
	for _, name := range slices.Concat(Tables, leftOut) {
		if !slices.Contains(has, name) {
			t.Errorf("there is no table %s", name)
		}
	}
	// Every column that names a content is known.
	for _, table := range Tables {
		columns, err := list(db.on(t.Context()), "SELECT name FROM pragma_table_info('"+table+"')", nil, func(s scan) (string, error) {
			var name string
			err := s(&name)
			return name, err
		})
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(columns, "address") != (addresses[table] == "address") {
			t.Errorf("say whether %s.address names contents of files", table)
		}
		for _, c := range columns {
			if !isColumn(c) {
				t.Errorf("a backup cannot name the column %s.%s", table, c)
			}
		}
	}
}

// A database with accounts does not open without their keys, and no new ones are
// made in their place.
func TestNoNewKeysForOldAccounts(t *testing.T) {
	dir := t.TempDir()
	db := openDir(t, dir)
	if err := db.AddAccount(t.Context(), system, &account.Account{ID: 1, Name: "synthetic", Email: "a@example.org", State: account.Active}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	other := testVault(t)
	_, err := Open(context.Background(), Options{Dir: dir, Vault: other, Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, vault.ErrNoKey) {
		t.Errorf("got %v", err)
	}
	if scopes, err := other.Scopes(); err != nil || len(scopes) != 0 {
		t.Errorf("keys were made: %v, %v", scopes, err)
	}
}
