package arrival

import (
	"context"
	"fmt"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/monitoring/quality"
)

// candidates is how many submissions of like marks one is compared with. Those
// that share a mark are of one enumerator, point and day, or agree in all
// answers, so there are seldom more than two or three.
const candidates = 16

// compare looks for near-duplicates: first among the batch itself, whose marks
// the store does not have yet, then in the store. Marks only say where to look;
// the answers themselves decide.
func (l *loop) compare(ctx context.Context, around *surroundings, batch []*examined) {
	portraits := map[ids.ID]*quality.Portrait{}
	type mark struct {
		round ids.ID
		mark  int64
	}
	holders := map[mark][]int{}
	for i, e := range batch {
		if e.portrait == nil {
			continue
		}
		portraits[e.Submission] = e.portrait
		found := map[ids.ID]bool{}
		best := likest{}
		for _, m := range e.Marks {
			for _, j := range holders[mark{e.round, m}] {
				if other := batch[j]; !found[other.Submission] && len(found) < candidates {
					found[other.Submission] = true
					best.offer(other.Submission, e.portrait.Compare(other.portrait))
				}
			}
			holders[mark{e.round, m}] = append(holders[mark{e.round, m}], i)
		}
		resembling, err := l.store.Resemble(ctx, e.round, e.Submission, e.Marks, 1, candidates)
		if err != nil {
			l.opt.Log.Error("near-duplicates were not looked for", "submission", e.Submission, "error", err)
		}
		for _, r := range resembling {
			if found[r.Submission] {
				continue
			}
			found[r.Submission] = true
			p := portraits[r.Submission]
			if p == nil {
				if p = l.portrait(ctx, around, r.Submission); p == nil {
					continue
				}
				portraits[r.Submission] = p
			}
			best.offer(r.Submission, e.portrait.Compare(p))
		}
		best.tell(e)
	}
}

// portrait reads the answers of a stored submission for comparison, or returns
// nil.
func (l *loop) portrait(ctx context.Context, around *surroundings, id ids.ID) *quality.Portrait {
	s, err := l.store.Submission(ctx, id)
	if err != nil {
		return nil
	}
	r, err := l.store.ReadAnswers(ctx, worker, id, 0)
	if err != nil {
		return nil
	}
	subject, err := around.subject(ctx, collection.Unchecked{Submission: s, Revision: r})
	if err != nil || subject.Draft {
		return nil
	}
	p, err := l.plan(ctx, subject)
	if err != nil {
		return nil
	}
	rec, err := p.layout.Read(r.XML)
	if err != nil {
		return nil
	}
	row, err := p.sheet.row(rec, rec.Rows[0][0].Cells, s.Received)
	if err != nil {
		return nil
	}
	return p.sheet.likeness.Of(row, 0)
}

// likest is the most like of several submissions.
type likest struct {
	submission ids.ID
	verdict    quality.Verdict
}

func (b *likest) offer(id ids.ID, v quality.Verdict) {
	if !v.Near && !v.Same {
		return
	}
	if b.submission == 0 || v.Alike*b.verdict.Over > b.verdict.Alike*v.Over {
		b.submission, b.verdict = id, v
	}
}

// tell notes the near-duplicate that was found.
func (b *likest) tell(e *examined) {
	if b.submission == 0 {
		return
	}
	e.Similar = b.submission
	f := collection.Finding{Rule: "quality.duplicate.near", Severity: collection.SeverityWarning,
		Message: fmt.Sprintf("Another interview of the same enumerator, point and day is nearly the same: %d of %d answers are alike", b.verdict.Alike, b.verdict.Over),
		Remedy:  "Ask the enumerator whether these were two people. Members of one family may well answer alike."}
	if b.verdict.Same {
		f.Rule, f.Message = "quality.duplicate.answers", "Another interview has the same answers to everything"
		f.Remedy = "Compare the times. Keep one if the same person was entered twice; talk with the enumerator if answers were copied."
	}
	e.say(f)
}
