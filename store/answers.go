package store

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/access"
	"waymark/trust/audit"
)

func sortBy[T any](all []T, key func(T) string) {
	slices.SortFunc(all, func(a, b T) int { return strings.Compare(key(a), key(b)) })
}

const revisionList = "r.submission, r.number, r.instance, r.at, r.enumerator, r.account, r.version, r.reason"

// sealedRevision is a revision as the database keeps it.
type sealedRevision struct {
	r           collection.Revision
	at          int64
	reason, xml []byte
}

// columns are where to put those of revisionList.
func (w *sealedRevision) columns() []any {
	return []any{&w.r.Submission, &w.r.Number, &w.r.InstanceID, &w.at, &w.r.Enumerator, &w.r.Account, &w.r.Version, &w.reason}
}

// open opens what was read.
func (w *sealedRevision) open(db *DB, round ids.ID) (*collection.Revision, error) {
	var err error
	w.r.At = fromMillis(w.at)
	if w.r.Reason, err = db.openText(scopeOf(round), w.reason, bound("reason", w.r.Submission, w.r.Number)); err != nil {
		return nil, err
	}
	if w.xml != nil {
		w.r.XML, err = db.vault.Open(scopeOf(round), w.xml, bound("submission", w.r.Submission, w.r.Number))
	}
	return &w.r, err
}

// Revisions implements collection.Submissions, oldest first.
func (db *DB) Revisions(ctx context.Context, id ids.ID) ([]*collection.Revision, error) {
	k, err := db.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	return list(db.on(ctx), "SELECT "+revisionList+" FROM revision r WHERE r.submission = $1 ORDER BY r.number", []any{id},
		func(s scan) (*collection.Revision, error) {
			var w sealedRevision
			if err := s(w.columns()...); err != nil {
				return nil, err
			}
			return w.open(db, k.Round)
		})
}

// ReadAnswers implements collection.Submissions. The entry is durable before the
// answers are given out.
func (db *DB) ReadAnswers(ctx context.Context, by audit.Actor, id ids.ID, revision int) (*collection.Revision, error) {
	return db.readAnswers(ctx, by, access.SubmissionRead, id, revision)
}

// ReadPseudonymous implements collection.Submissions.
func (db *DB) ReadPseudonymous(ctx context.Context, by audit.Actor, id ids.ID, revision int) (*collection.Revision, error) {
	return db.readAnswers(ctx, by, access.SubmissionReadPseudonymous, id, revision)
}

func (db *DB) readAnswers(ctx context.Context, by audit.Actor, as access.Action, id ids.ID, revision int) (*collection.Revision, error) {
	k, err := db.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	if revision == 0 {
		revision = k.Revision
	}
	r, err := one(db.on(ctx), "revision", "SELECT "+revisionList+", r.xml FROM revision r WHERE r.submission = $1 AND r.number = $2", []any{id, revision},
		func(s scan) (*collection.Revision, error) {
			var w sealedRevision
			if err := s(append(w.columns(), &w.xml)...); err != nil {
				return nil, err
			}
			return w.open(db, k.Round)
		})
	if err != nil {
		return nil, err
	}
	programme, err := db.programmeOf(db.on(ctx), k.Round)
	if err != nil {
		return nil, err
	}
	if err := db.Note(ctx, entry(by, as, programme, "submission", id, "revision", strconv.Itoa(revision))); err != nil {
		return nil, err
	}
	return r, nil
}

// answersAtOnce is how many answers are in memory while many are read.
const answersAtOnce = 50

// EachAnswers implements collection.Submissions. It reads in pages, so that a
// reader that takes its time holds up nobody; what arrives meanwhile may be
// among what it is given.
func (db *DB) EachAnswers(ctx context.Context, by audit.Actor, purpose string, f collection.Filter, use func(*collection.Submission, *collection.Revision) error) error {
	programme, err := db.programmeOf(db.on(ctx), f.Round)
	if err != nil {
		return err
	}
	newest, err := db.Newest(ctx, f.Round)
	if err != nil {
		return err
	}
	action := access.SubmissionRead
	switch purpose {
	case "export":
		action = access.ExportFull
	case "export-pseudonymous":
		action = access.ExportPseudonymous
	}
	if err := db.Note(ctx, entry(by, action, programme, "round", f.Round, "purpose", purpose, "newest", newest.String())); err != nil {
		return err
	}
	f.OldestFirst, f.After, f.Limit = true, 0, answersAtOnce
	for {
		page, err := db.list(ctx, f, false)
		if err != nil {
			return err
		}
		if len(page.Rows) == 0 {
			return nil
		}
		wanted := make([]ids.ID, len(page.Rows))
		for i, s := range page.Rows {
			wanted[i] = s.ID
		}
		answers, err := db.answers(db.on(ctx), wanted)
		if err != nil {
			return err
		}
		for _, a := range answers {
			if err := use(a.Submission, a.Revision); err != nil {
				return err
			}
		}
		if !page.More {
			return nil
		}
		f.After = page.Rows[len(page.Rows)-1].ID
	}
}

// answers reads submissions with their current revisions, oldest first.
func (db *DB) answers(r reader, wanted []ids.ID) ([]collection.Unchecked, error) {
	args := make([]any, len(wanted))
	for i, id := range wanted {
		args[i] = id
	}
	return list(r, "SELECT "+submissionColumns+", "+revisionList+", r.xml FROM submission s JOIN revision r ON r.submission = s.id AND r.number = s.revision WHERE s.id IN ("+
		marks(1, len(args))+") ORDER BY s.id", args, func(s scan) (u collection.Unchecked, err error) {
		var w sealedRevision
		k, err := scanKept(s, append(w.columns(), &w.xml)...)
		if err != nil {
			return u, err
		}
		u.Submission = &k.Submission
		u.Revision, err = w.open(db, k.Round)
		return u, err
	})
}
