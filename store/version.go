package store

import (
	"context"
	"time"

	"waymark/internal/fault"
	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
)

// listColumns are what lists show of a version; wholeColumns are all.
const (
	versionList  = "v.id, v.form, v.version, v.hash, v.source_name, v.created, v.published, v.account"
	versionWhole = versionList + ", v.xform, v.source, v.private_key, f.round"
)

func scanVersion(s scan, more ...any) (*collection.Version, error) {
	var v collection.Version
	var created, published int64
	err := s(append([]any{&v.ID, &v.Form, &v.Version, &v.Hash, &v.SourceName, &created, &published, &v.By}, more...)...)
	v.Created, v.Published = fromMillis(created), fromMillis(published)
	return &v, err
}

func (db *DB) getVersion(r reader, where string, args ...any) (*collection.Version, error) {
	var round ids.ID
	v, err := one(r, "version", "SELECT "+versionWhole+" FROM form_version v JOIN form f ON f.id = v.form WHERE "+where, args,
		func(s scan) (*collection.Version, error) {
			var xform, source, key []byte
			v, err := scanVersion(s, &xform, &source, &key, &round)
			v.XForm, v.Source, v.PrivateKey = xform, source, key
			return v, err
		})
	if err != nil {
		return nil, err
	}
	if len(v.PrivateKey) > 0 {
		if v.PrivateKey, err = db.vault.Open(scopeOf(round), v.PrivateKey, bound("form-key", v.ID, 0)); err != nil {
			return nil, err
		}
	}
	v.Files, err = list(r, "SELECT name, type, size, hash, address FROM form_file WHERE version = $1 ORDER BY name", []any{v.ID}, scanFormFile)
	return v, err
}

func scanFormFile(s scan) (f collection.FormFile, err error) {
	return f, s(&f.Name, &f.Type, &f.Size, &f.Hash, &f.Address)
}

// Version implements collection.Forms.
func (db *DB) Version(ctx context.Context, id ids.ID) (*collection.Version, error) {
	return db.getVersion(db.on(ctx), "v.id = $1", id)
}

// VersionByName implements collection.Forms: a published version, or else the draft.
func (db *DB) VersionByName(ctx context.Context, form ids.ID, version string) (*collection.Version, error) {
	return db.getVersion(db.on(ctx), "v.form = $1 AND v.version = $2 ORDER BY v.published DESC LIMIT 1", form, version)
}

// ListVersions implements collection.Forms, newest first, without private keys.
func (db *DB) ListVersions(ctx context.Context, form ids.ID) ([]*collection.Version, error) {
	r := db.on(ctx)
	all, err := list(r, "SELECT "+versionList+" FROM form_version v WHERE v.form = $1 ORDER BY v.id DESC", []any{form},
		func(s scan) (*collection.Version, error) { return scanVersion(s) })
	if err != nil {
		return nil, err
	}
	byID := map[ids.ID]*collection.Version{}
	for _, v := range all {
		byID[v.ID] = v
	}
	return all, r.Each("SELECT f.version, f.name, f.type, f.size, f.hash, f.address FROM form_file f JOIN form_version v ON v.id = f.version WHERE v.form = $1 ORDER BY f.name",
		[]any{form}, func(s scan) error {
			var version ids.ID
			f, err := scanFormFile(func(dest ...any) error { return s(append([]any{&version}, dest...)...) })
			if v := byID[version]; v != nil {
				v.Files = append(v.Files, f)
			}
			return err
		})
}

// PutDraft implements collection.Forms. Test submissions of the earlier draft go
// with it.
func (db *DB) PutDraft(ctx context.Context, by audit.Actor, v *collection.Version, instead ids.ID) error {
	row := *v
	row.ID, row.Published = db.NewID(), time.Time{}
	if row.Created.IsZero() {
		row.Created = db.now()
	}
	err := db.Write(ctx, func(t *Tx) error {
		f, programme, err := t.keepForm(v.Form)
		if err != nil {
			return err
		}
		if f.Draft != instead {
			return changedMeanwhile("draft")
		}
		var key []byte
		if len(row.PrivateKey) > 0 {
			if key, err = db.vault.Seal(scopeOf(f.Round), row.PrivateKey, bound("form-key", row.ID, 0)); err != nil {
				return err
			}
		}
		if _, err := t.Exec(insertText("INSERT INTO form_version (id, form, version, hash, xform, source, source_name, created, published, account, private_key) VALUES", "", 1, 11),
			row.ID, row.Form, row.Version, row.Hash, filled(row.XForm), row.Source, row.SourceName, millis(row.Created), 0, row.By, key); err != nil {
			return err
		}
		for _, file := range row.Files {
			if err := t.putFormFile(row.ID, file); err != nil {
				return err
			}
		}
		if _, err := t.Exec("UPDATE form SET draft = $1, etag = etag + 1 WHERE id = $2", row.ID, f.ID); err != nil {
			return err
		}
		if instead != 0 {
			if err := t.dropDraft(f, instead); err != nil {
				return err
			}
		}
		t.Record(entry(by, access.FormSet, programme, "form", f.ID, "draft", row.ID.String()))
		return nil
	})
	if err == nil {
		*v = row
	}
	return err
}

// DropDraft implements collection.Forms.
func (db *DB) DropDraft(ctx context.Context, by audit.Actor, form, draft ids.ID) error {
	return db.Write(ctx, func(t *Tx) error {
		f, programme, err := t.keepForm(form)
		if err != nil {
			return err
		}
		if draft == 0 || f.Draft != draft {
			return changedMeanwhile("draft")
		}
		if _, err := t.Exec("UPDATE form SET draft = 0, draft_token = NULL, etag = etag + 1 WHERE id = $1", form); err != nil {
			return err
		}
		t.Record(entry(by, access.FormSet, programme, "form", form, "discarded", draft.String()))
		return t.dropDraft(f, draft)
	})
}

// filled is b, or no bytes for nil, where a column may not be empty.
func filled(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// dropDraft removes a version that was never published, and what was sent to it.
func (t *Tx) dropDraft(f *collection.Form, version ids.ID) error {
	if err := t.dropTests(f, version); err != nil {
		return err
	}
	if _, err := t.Exec("DELETE FROM form_file WHERE version = $1", version); err != nil {
		return err
	}
	_, err := t.Exec("DELETE FROM form_version WHERE id = $1 AND published = 0", version)
	return err
}

// dropTests removes the test submissions of a draft.
func (t *Tx) dropTests(f *collection.Form, version ids.ID) error {
	tests, err := list(t, "SELECT id FROM submission WHERE round = $1 AND form = $2 AND version = $3 AND draft = 1", []any{f.Round, f.ID, version}, scanID)
	if err != nil {
		return err
	}
	return t.removeSubmissions(tests)
}

func scanID(s scan) (id ids.ID, err error) { return id, s(&id) }

func (t *Tx) putFormFile(version ids.ID, f collection.FormFile) error {
	_, err := t.Exec(insertText("INSERT INTO form_file (version, name, type, size, hash, address) VALUES",
		"ON CONFLICT (version, name) DO UPDATE SET type = excluded.type, size = excluded.size, hash = excluded.hash, address = excluded.address", 1, 6),
		version, f.Name, f.Type, f.Size, f.Hash, f.Address)
	return err
}

// PutFormFile implements collection.Forms.
func (db *DB) PutFormFile(ctx context.Context, by audit.Actor, version ids.ID, file collection.FormFile) error {
	return db.Write(ctx, func(t *Tx) error {
		var form ids.ID
		if err := t.One("SELECT form FROM form_version WHERE id = $1", []any{version}, &form); err != nil {
			return found(err, "version")
		}
		f, programme, err := t.keepForm(form)
		if err != nil {
			return err
		}
		if f.Draft != version {
			return changedMeanwhile("draft")
		}
		t.Record(entry(by, access.FormSet, programme, "form", f.ID, "draft", version.String(), "file", "set"))
		return t.putFormFile(version, file)
	})
}

// Publish implements collection.Forms. The token for tests ends with the draft,
// and so do its test submissions.
func (db *DB) Publish(ctx context.Context, by audit.Actor, form, draft ids.ID, at time.Time) (*collection.Version, error) {
	err := db.Write(ctx, func(t *Tx) error {
		f, programme, err := t.keepForm(form)
		if err != nil {
			return err
		}
		if draft == 0 || f.Draft != draft {
			return changedMeanwhile("draft")
		}
		var name string
		var twice int
		if err := t.One("SELECT version FROM form_version WHERE id = $1", []any{draft}, &name); err != nil {
			return found(err, "version")
		}
		if err := t.One("SELECT count(*) FROM form_version WHERE form = $1 AND version = $2 AND published <> 0", []any{form, name}, &twice); err != nil {
			return err
		}
		if twice > 0 {
			return collection.NewBreach(fault.Conflict, "version", "form.version", "version", name)
		}
		if err := t.dropTests(f, draft); err != nil {
			return err
		}
		if _, err := t.Exec("UPDATE form_version SET published = $1 WHERE id = $2", millis(at), draft); err != nil {
			return err
		}
		if f.State == collection.FormDraft {
			f.State = collection.FormOpen
		}
		_, err = t.Exec("UPDATE form SET current = $1, draft = 0, draft_token = NULL, state = $2, etag = etag + 1 WHERE id = $3", draft, string(f.State), form)
		t.Record(entry(by, access.FormSet, programme, "form", form, "published", draft.String(), "version", audit.Code(name)))
		return err
	})
	if err != nil {
		return nil, err
	}
	return db.Version(ctx, draft)
}
