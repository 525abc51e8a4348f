package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

// Store is what the reviews of the demonstration need of the store.
type Store interface {
	ListSubmissions(ctx context.Context, f collection.Filter) (*collection.Page, error)
	Submission(ctx context.Context, id ids.ID) (*collection.Submission, error)
	ReadAnswers(ctx context.Context, by audit.Actor, id ids.ID, revision int) (*collection.Revision, error)
	Edit(ctx context.Context, by audit.Actor, id ids.ID, etag int64, r *collection.Revision, names []string) error
	Review(ctx context.Context, by audit.Actor, id ids.ID, etag int64, to collection.State, text string) error
}

// remarks are what a data officer might have said, in turn.
var remarks = []struct {
	to   collection.State
	text string
}{
	{collection.Approved, "Compared with the enumerator's notes (synthetic remark)."},
	{collection.Approved, ""},
	{collection.HasIssues, "The length is unusual; asked the enumerator (synthetic remark)."},
	{collection.Approved, ""},
	{collection.Rejected, "A test from before the round (synthetic remark)."},
	{collection.Approved, "The card was given after all; corrected (synthetic remark)."},
	{collection.Approved, ""},
}

// Review decides about the first n submissions of a round and corrects a few of
// them, so that states, comments and differences can be looked at. What has been
// decided already is left as it is, so that it can be called again.
func Review(ctx context.Context, store Store, by audit.Actor, round ids.ID, n int) error {
	page, err := store.ListSubmissions(ctx, collection.Filter{Round: round, OldestFirst: true, Limit: min(n, 500)})
	if err != nil {
		return err
	}
	for i, s := range page.Rows {
		r := remarks[i%len(remarks)]
		if s.State != collection.Received || r.to == s.State {
			continue
		}
		if strings.Contains(r.text, "corrected") {
			if err := correct(ctx, store, by, s); err != nil {
				return err
			}
			if s, err = store.Submission(ctx, s.ID); err != nil {
				return err
			}
		}
		if err := store.Review(ctx, by, s.ID, s.Etag, r.to, r.text); err != nil {
			return err
		}
	}
	return nil
}

// correct makes a new revision with one answer changed.
func correct(ctx context.Context, store Store, by audit.Actor, s *collection.Submission) error {
	was, err := store.ReadAnswers(ctx, by, s.ID, 0)
	if err != nil {
		return err
	}
	const before, after = "<card_taken>no</card_taken>", "<card_taken>yes</card_taken>"
	if !bytes.Contains(was.XML, []byte(before)) {
		return nil
	}
	sum := sha256.Sum256([]byte(was.InstanceID))
	h := hex.EncodeToString(sum[:16])
	id := fmt.Sprintf("uuid:%s-%s-4%s-8%s-%s", h[:8], h[8:12], h[13:16], h[17:20], h[20:32])
	xml := bytes.Replace(was.XML, []byte(before), []byte(after), 1)
	xml = bytes.Replace(xml, []byte("<instanceID>"+was.InstanceID+"</instanceID>"), []byte("<instanceID>"+id+"</instanceID><deprecatedID>"+was.InstanceID+"</deprecatedID>"), 1)
	return store.Edit(ctx, by, s.ID, s.Etag, &collection.Revision{Submission: s.ID, InstanceID: id, At: s.Received.Add(24 * time.Hour), Version: was.Version,
		XML: xml, Reason: "The enumerator's notes say that the card was taken (synthetic reason)."}, nil)
}
