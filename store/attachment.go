package store

import (
	"context"
	"encoding/hex"
	"io"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
	"waymark/trust/vault"
)

// nameToken is the digest by which a file's name is found without standing there.
func (db *DB) nameToken(scope vault.Scope, name string) ([]byte, error) {
	return db.vault.Token(scope, []byte("file name:"+name))
}

func attachmentBound(submission ids.ID, token []byte) string {
	return "attachment:" + submission.String() + ":" + hex.EncodeToString(token)
}

const attachmentInsert = "INSERT INTO attachment (submission, token, name, type, size, address, at, revision) VALUES"

// name writes which files a revision names, and those of them that came.
func (t *Tx) name(round, submission ids.ID, revision int, names []string, files []collection.Attachment) error {
	came := make(map[string]collection.Attachment, len(files))
	for _, f := range files {
		came[f.Name] = f
	}
	for _, name := range names {
		f := came[name]
		delete(came, name)
		f.Name = name
		if err := t.putAttachment(round, submission, revision, f); err != nil {
			return err
		}
	}
	for _, f := range came {
		if err := t.putAttachment(round, submission, revision, f); err != nil {
			return err
		}
	}
	return nil
}

// putAttachment writes the row of a file. What has arrived is never replaced: it
// was acknowledged.
func (t *Tx) putAttachment(round, submission ids.ID, revision int, f collection.Attachment) error {
	scope := scopeOf(round)
	token, err := t.db.nameToken(scope, f.Name)
	if err != nil {
		return err
	}
	name, err := t.db.vault.Seal(scope, []byte(f.Name), attachmentBound(submission, token))
	if err != nil {
		return err
	}
	if _, err := t.Exec(insertText(attachmentInsert, "ON CONFLICT (submission, token) DO UPDATE SET revision = excluded.revision", 1, 8),
		submission, token, name, f.Type, f.Size, f.Address, millis(f.At), revision); err != nil {
		return err
	}
	if f.Address == "" {
		return nil
	}
	_, err = t.fill(submission, token, f)
	return err
}

// fill sets what came of a file that was waited for.
func (t *Tx) fill(submission ids.ID, token []byte, f collection.Attachment) (int64, error) {
	return t.Exec("UPDATE attachment SET type = $1, size = $2, address = $3, at = $4 WHERE submission = $5 AND token = $6 AND address = ''",
		f.Type, f.Size, f.Address, millis(f.At), submission, token)
}

// addFiles adds files to a submission and returns how many of them were new.
func (t *Tx) addFiles(k *kept, files []collection.Attachment) (added int, err error) {
	scope := scopeOf(k.Round)
	for _, f := range files {
		if f.Address == "" {
			continue
		}
		token, err := t.db.nameToken(scope, f.Name)
		if err != nil {
			return added, err
		}
		n, err := t.fill(k.ID, token, f)
		if err != nil {
			return added, err
		}
		if n == 0 {
			name, err := t.db.vault.Seal(scope, []byte(f.Name), attachmentBound(k.ID, token))
			if err != nil {
				return added, err
			}
			n, err = t.Exec(insertText(attachmentInsert, "ON CONFLICT (submission, token) DO NOTHING", 1, 8),
				k.ID, token, name, f.Type, f.Size, f.Address, millis(f.At), k.Revision)
			if err != nil {
				return added, err
			}
		}
		added += int(n)
	}
	return added, nil
}

// completed finds out whether every file that the current revision names is
// there, and keeps it.
func (t *Tx) completed(k *kept) (bool, error) {
	var missing int
	if err := t.One("SELECT count(*) FROM attachment WHERE submission = $1 AND revision = $2 AND address = ''", []any{k.ID, k.Revision}, &missing); err != nil {
		return false, err
	}
	complete := missing == 0
	if complete == k.Complete {
		return complete, nil
	}
	_, err := t.Exec("UPDATE submission SET complete = $1 WHERE id = $2", truth(complete), k.ID)
	return complete, err
}

// Attachments implements collection.Submissions, by name. Of a submission that
// came encrypted and was opened, they are what was inside.
func (db *DB) Attachments(ctx context.Context, id ids.ID) ([]collection.Attachment, error) {
	s, err := db.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	return db.attachments(db.on(ctx), s.Round, id)
}

func (db *DB) attachments(r reader, round, id ids.ID) ([]collection.Attachment, error) {
	all, err := list(r, "SELECT token, name, type, size, address, at FROM attachment WHERE submission = $1 AND revision > 0", []any{id},
		func(s scan) (collection.Attachment, error) {
			a := collection.Attachment{Submission: id}
			var token, name []byte
			var at int64
			err := s(&token, &name, &a.Type, &a.Size, &a.Address, &at)
			if err == nil {
				a.At = fromMillis(at)
				a.Name, err = db.openText(scopeOf(round), name, attachmentBound(id, token))
			}
			return a, err
		})
	sortBy(all, func(a collection.Attachment) string { return a.Name })
	return all, err
}

// ReadAttachment implements collection.Submissions.
func (db *DB) ReadAttachment(ctx context.Context, by audit.Actor, id ids.ID, name string) (*collection.Attachment, io.ReadCloser, error) {
	s, err := db.Submission(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	scope := scopeOf(s.Round)
	token, err := db.nameToken(scope, name)
	if err != nil {
		return nil, nil, err
	}
	a := collection.Attachment{Submission: id, Name: name}
	var at int64
	if err := db.on(ctx).One("SELECT type, size, address, at FROM attachment WHERE submission = $1 AND token = $2", []any{id, token}, &a.Type, &a.Size, &a.Address, &at); err != nil {
		return nil, nil, found(err, "file")
	}
	a.At = fromMillis(at)
	if a.Address == "" {
		return nil, nil, notFound("file")
	}
	programme, err := db.programmeOf(db.on(ctx), s.Round)
	if err != nil {
		return nil, nil, err
	}
	f, err := db.OpenFile(ctx, s.Round, a.Address)
	if err != nil {
		return nil, nil, err
	}
	if err := db.Note(ctx, entry(by, access.SubmissionRead, programme, "submission", id, "file", hex.EncodeToString(token[:8]))); err != nil {
		f.Close()
		return nil, nil, err
	}
	return &a, f, nil
}
