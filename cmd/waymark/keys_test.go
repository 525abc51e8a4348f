package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/monitoring/collection"
	"waymark/store/storetest"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

// opens says whether the answers of a drill open, with the keys as they are now.
func (d *drill) opens(t *testing.T) {
	t.Helper()
	h := d.open(t, d.data)
	defer h.Close()
	page, err := h.db.ListSubmissions(t.Context(), collection.Filter{Round: d.world.Round.ID})
	if err != nil || len(page.Rows) != 4 {
		t.Fatalf("%+v, %v", page, err)
	}
	for _, s := range page.Rows {
		if r, err := h.db.ReadAnswers(t.Context(), storetest.Officer, s.ID, 0); err != nil || !bytes.Contains(r.XML, []byte(backupCanary)) {
			t.Errorf("answers: %v, %v", r, err)
		}
	}
}

func TestKeysRewrap(t *testing.T) {
	d := newDrill(t)
	keys := filepath.Join(d.data, "keys")
	rewrap := func(more ...string) (int, string, string) {
		return say(append([]string{"keys", "rewrap", "--data", d.data}, more...)...)
	}
	before, err := os.ReadFile(filepath.Join(keys, masterFile))
	if err != nil {
		t.Fatal(err)
	}
	// While the server runs, nothing changes.
	if code, out, errs := rewrap("--to", "file"); code != 1 || out != "" || !strings.Contains(errs, "another waymark is using this data folder") {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	if now, _ := os.ReadFile(filepath.Join(keys, masterFile)); !bytes.Equal(now, before) {
		t.Fatal("the master key changed under a server that runs")
	}
	if err := d.house.Close(); err != nil {
		t.Fatal(err)
	}
	// A run that was cut off: some files are wrapped by the new key already.
	next, err := vault.NewFile(filepath.Join(keys, masterNew))
	if err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(d.dir, "half")
	if err := os.Mkdir(half, 0o700); err != nil {
		t.Fatal(err)
	}
	from, err := vault.File(filepath.Join(keys, masterFile), keys)
	if err != nil {
		t.Fatal(err)
	}
	const first = string(vault.Accounts) + ".json"
	if err := os.Rename(filepath.Join(keys, first), filepath.Join(half, first)); err != nil {
		t.Fatal(err)
	}
	if n, err := vault.Rewrap(half, from, next); err != nil || n != 1 {
		t.Fatalf("%d, %v", n, err)
	}
	if err := os.Rename(filepath.Join(half, first), filepath.Join(keys, first)); err != nil {
		t.Fatal(err)
	}
	code, out, errs := rewrap("--to", "file", "--format", "json")
	var done rewrapped
	if err := json.Unmarshal([]byte(out), &done); code != 0 || err != nil || done.Files != 3 || done.From != from.Name() || done.To != next.Name() {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	d.opens(t)
	if old, err := os.ReadFile(done.Old); err != nil || !bytes.Equal(old, before) {
		t.Errorf("the old master key: %v", err)
	}
	if _, err := vault.Open(keys, from); err == nil {
		t.Error("the old master key still opens the keys")
	}
	if left, _ := filepath.Glob(filepath.Join(keys, masterNew)); len(left) != 0 {
		t.Error("the new master key is there twice")
	}
	// Once more, in words; the audit tells of both.
	code, out, errs = rewrap("--to", "file")
	if code != 0 || !strings.HasPrefix(out, "Wrapped anew: 3 files of keys") || !strings.Contains(out, "waymark backup --keys") || errs != "" {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	d.opens(t)
	if n := d.entries(t, audit.KeyRewrapped); n != 2 {
		t.Errorf("the audit tells of %d", n)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{nil, 2, "there is no new master key"},
		{[]string{"--to", "nonsense"}, 1, "no address of a key"},
		{[]string{"--to", "file", "--format", "xml"}, 2, "format"},
		{[]string{"--to", "file", "--data", filepath.Join(d.dir, "nowhere")}, 1, "there is no database"},
	} {
		if code, out, errs := rewrap(c.args...); code != c.code || out != "" || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d, %s%s", c.args, code, out, errs)
		}
	}
	if _, err := os.Stat(filepath.Join(d.dir, "nowhere")); !os.IsNotExist(err) {
		t.Error("a house was made")
	}
}

// keyService answers as the transit engine of a key service does. It hides nothing.
func keyService(t *testing.T) (address string) {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Plaintext, Ciphertext string
			Bound                 string `json:"associated_data"`
		}
		err := json.NewDecoder(r.Body).Decode(&in)
		data := map[string]string{}
		switch plain, fits := strings.CutPrefix(in.Ciphertext, "vault:v1:"+in.Bound+":"); {
		case err != nil || r.Header.Get("X-Vault-Token") != "synthetic":
			w.WriteHeader(http.StatusForbidden)
		case strings.HasPrefix(r.URL.Path, "/v1/transit/encrypt/"):
			data["ciphertext"] = "vault:v1:" + in.Bound + ":" + in.Plaintext
		case fits:
			data["plaintext"] = plain
		default:
			w.WriteHeader(http.StatusBadRequest)
		}
		json.NewEncoder(w).Encode(map[string]any{"data": data})
	}))
	t.Cleanup(server.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VAULT_CACERT", ca)
	t.Setenv("VAULT_TOKEN", "synthetic")
	return "hcvault://" + strings.TrimPrefix(server.URL, "https://") + "/transit/keys/waymark"
}

// Into a key service and back: what the settings must say stands in the output.
func TestKeysMoveToAService(t *testing.T) {
	d := newDrill(t)
	if err := d.house.Close(); err != nil {
		t.Fatal(err)
	}
	service := keyService(t)
	keys := filepath.Join(d.data, "keys")
	code, out, errs := say("keys", "rewrap", "--data", d.data, "--to", service)
	if code != 0 || !strings.Contains(strings.Join(strings.Fields(out), " "), "set keys.service in the settings to "+service) || !strings.Contains(out, masterOld) {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	if _, err := os.Stat(filepath.Join(keys, masterFile)); !os.IsNotExist(err) {
		t.Errorf("the old master key is where a file of keys takes it: %v", err)
	}
	settings := d.file(t, "waymark.yaml", "keys:\n  service: "+service+"\n")
	open := func(settings string) {
		t.Helper()
		c, err := (&houseFlags{config: settings, data: d.data}).load()
		if err != nil {
			t.Fatal(err)
		}
		h, err := openHouse(t.Context(), c, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close()
		page, err := h.db.ListSubmissions(t.Context(), collection.Filter{Round: d.world.Round.ID})
		if err != nil || len(page.Rows) != 4 {
			t.Fatalf("%+v, %v", page, err)
		}
		if r, err := h.db.ReadAnswers(t.Context(), storetest.Officer, page.Rows[0].ID, 0); err != nil || !bytes.Contains(r.XML, []byte(backupCanary)) {
			t.Errorf("answers: %v, %v", r, err)
		}
	}
	open(settings)
	if code, _, errs := say("keys", "rewrap", "--config", settings, "--data", d.data, "--to", service); code != 2 || !strings.Contains(errs, "the master key already") {
		t.Errorf("to the same: exit %d, %s", code, errs)
	}
	code, out, errs = say("keys", "rewrap", "--config", settings, "--data", d.data, "--to", "file")
	if code != 0 || !strings.Contains(out, "take keys.service out of the settings") {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	open("")
}
