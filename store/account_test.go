package store_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"testing"
	"time"

	"waymark/store/storetest"
	"waymark/trust/account"
	"waymark/trust/audit"
)

// Promise 1: nothing that is known of people who sign in stands in the database
// or its journal.
func TestAccountsAreSealedInTheFile(t *testing.T) {
	place := storetest.SQLite.NewPlace(t)
	db := place.Open(t)
	ctx := t.Context()
	system := audit.Actor{Kind: audit.System, Via: "command"}
	canaries := map[string][]byte{
		"name": []byte("Canary-Name"), "address": []byte("canary-address"), "password": []byte("canary-password"), "identity": []byte("canary-identity"),
		"secret of codes": []byte("canary-one-time"), "recovery code": []byte("canary-recovery"), "name of a passkey": []byte("canary-key"),
		"credential": []byte("canary-credential"), "handle": []byte("canary-handle"), "session": []byte("canary-session"),
	}
	a := &account.Account{ID: 21, Name: "Canary-Name", Email: "canary-address@example.org", Password: "canary-password", Subject: "canary-identity",
		OneTime: []byte("canary-one-time"), Recovery: [][]byte{[]byte("canary-recovery")}, State: account.Active}
	steps := []error{
		db.AddAccount(ctx, system, a),
		db.ChangeAccount(ctx, system, "account.changed", 21, func(*account.Account) error { return nil }),
		db.AddPasskey(ctx, system, 21, &account.Passkey{ID: 31, Name: "canary-key", Credential: []byte("canary-credential"), Handle: []byte("canary-handle")}),
		db.TouchPasskey(ctx, 21, 31, []byte("canary-credential"), time.Now()),
		db.SessionPut(ctx, &account.Session{Hash: []byte("x"), Account: 21, Data: []byte("canary-session"), Expires: time.Now().Add(time.Hour)}),
	}
	for i, err := range steps {
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	looked := 0
	for _, name := range []string{"waymark.db", "waymark.db-wal"} {
		data, err := os.ReadFile(filepath.Join(place.Options.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		looked += len(data)
		for what, canary := range canaries {
			if bytes.Contains(data, canary) || bytes.Contains(data, []byte(base64.StdEncoding.EncodeToString(canary))) {
				t.Errorf("%s holds the %s in clear", name, what)
			}
		}
	}
	if looked < 50_000 {
		t.Errorf("only %d bytes were looked at", looked)
	}
}
