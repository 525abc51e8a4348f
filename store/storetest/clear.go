package storetest

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waymark/monitoring/collection"
)

// nothingInClear plants words in everything that may identify a person and looks
// for them in whatever was written: the database, its journals, its log and ours,
// temporary files, contents (promise 1).
func nothingInClear(t *testing.T, e Engine) {
	ctx := context.Background()
	var log bytes.Buffer
	place := e.NewPlace(t)
	place.Options.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	db := place.Open(t)
	w := NewWorld(t, db)
	n := 0
	word := func(what string) string {
		n++
		return fmt.Sprintf("canary-%s-%d-canary", what, n)
	}
	person := &collection.FieldEnumerator{Round: w.Round.ID, Code: "E99", Name: word("enumerator")}
	must(t, db.PutEnumerator(ctx, Officer, person, []byte(strings.Repeat("c", 32))))
	must(t, db.PutDraft(ctx, Officer, &collection.Version{Form: w.Form.ID, Version: "9", PrivateKey: []byte(word("key"))}, 0))
	for i := range 20 {
		name := word("file-name") + ".jpg"
		address, size, _, err := db.PutFile(ctx, w.Round.ID, strings.NewReader(strings.Repeat(word("file"), 3000)), 1<<20)
		must(t, err)
		a := w.Arrival(fmt.Sprintf("uuid:%d", i))
		a.XML = fmt.Appendf(nil, "<data>%s</data>", strings.Repeat(word("answer"), 1+i*30))
		a.Names, a.Files = []string{name, word("missing") + ".jpg"}, []collection.Attachment{{Name: name, Size: size, Address: address, At: Noon}}
		id := w.Arrive(t, a).Submission
		must(t, db.Review(ctx, Officer, id, 1, collection.HasIssues, word("remark")))
		must(t, db.SetChecked(ctx, []collection.Checked{{Submission: id, Revision: 1, Point: "P1", Findings: []collection.Finding{{Rule: "r", Severity: collection.SeverityError,
			Question: word("question"), Message: word("message"), Remedy: word("remedy")}}}}))
		must(t, db.Edit(ctx, Officer, id, w.Etag(t, id), &collection.Revision{InstanceID: fmt.Sprintf("uuid:e%d", i), XML: []byte(word("edited")), Reason: word("reason"), At: Noon}, []string{word("edited-name")}))
		kind := second(db.Arrive(ctx, Phone, &collection.Arrival{Form: w.Form.ID, Version: w.Version.ID, Round: w.Round.ID, InstanceID: a.InstanceID, XML: []byte(word("other")), At: Noon}))
		if kind == nil || strings.Contains(kind.Error(), "canary") {
			t.Errorf("the fault says %v", kind)
		}
	}
	w.Round.State = collection.Closed
	must(t, db.PutRound(ctx, Officer, w.Round))
	must(t, db.ProposeDeletion(ctx, Officer, &collection.Deletion{Round: w.Round.ID, Reason: word("deletion")}))
	if strings.Contains(log.String(), "canary") {
		t.Errorf("the log says %s", log.String())
	}
	files := 0
	for _, dir := range e.Files(place) {
		must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				if os.IsNotExist(err) {
					return nil
				}
				return err
			}
			data, err := os.ReadFile(path)
			if os.IsNotExist(err) { // a temporary file of the server
				return nil
			}
			files++
			if at := bytes.Index(data, []byte("canary-")); at >= 0 {
				t.Errorf("%s holds %q", path, data[at:min(len(data), at+40)])
			}
			return err
		}))
	}
	if files < 3 {
		t.Errorf("only %d files were looked at", files)
	}
	// The words are there for who has the keys.
	got, err := db.FieldEnumerator(ctx, person.ID)
	must(t, err)
	if got.Name != person.Name || n < 100 {
		t.Errorf("read %q; %d words were planted", got.Name, n)
	}
}
