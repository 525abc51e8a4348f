package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/ids"
	"waymark/monitoring/collection"
	"waymark/trust/audit"
)

// SetFew makes lists take the ways for many rows with few.
func SetFew(db *DB, n int) { db.few = n }

// Fill writes n synthetic submissions of a round without their answers: half a
// year at 50 points with 200 enumerators, some late, most of the older ones
// reviewed. forms are two, with two versions each.
func Fill(ctx context.Context, db *DB, round ids.ID, forms [2]ids.ID, versions [4]ids.ID, n int) error {
	r := rand.New(rand.NewPCG(1, 2))
	first := time.Date(2016, 4, 1, 0, 0, 0, 0, time.UTC)
	const days, batch = 180, 1000
	for from := 0; from < n; from += batch {
		err := db.Write(ctx, func(t *Tx) error {
			var rows, found [][]any
			for i := from; i < min(from+batch, n); i++ {
				day := i * days / n
				if r.IntN(20) == 0 { // sent late
					day = max(0, day-r.IntN(20))
				}
				who := r.IntN(200)
				point := who / 4
				form, version := forms[0], versions[i*2/n]
				if r.IntN(20) == 0 {
					form, version = forms[1], versions[2+i*2/n]
				}
				state := 0
				if i < n-20000 {
					state = []int{2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 1, 0}[r.IntN(20)]
				}
				k := &kept{Submission: collection.Submission{ID: db.NewID(), Round: round, Version: version, Enumerator: ids.ID(1000 + who), Point: fmt.Sprintf("P%02d", point),
					Route: []string{"CMR", "CMR", "CMR", "EMR"}[point%4], Day: first.AddDate(0, 0, day).Format(time.DateOnly), State: collection.States[state]}}
				switch v := r.IntN(100); {
				case v < 4:
					k.Errors, k.worst = 1, 3
				case v < 14:
					k.Warnings, k.worst = 1, 2
				case v < 44:
					k.Notes, k.worst = 1, 1
				}
				if k.worst > 0 {
					rule := fmt.Sprintf("rule.%d-%02d", k.worst, r.IntN(10))
					found = append(found, []any{round, rule, k.ID, k.worst})
					t.counts.margin(margin{round, byRule, rule}, 1)
				}
				if r.IntN(100) == 0 {
					k.Similar = 1
				}
				t.tally(k, 1)
				rows = append(rows, []any{k.ID, round, form, version, 0, fmt.Sprintf("uuid:%08x-synthetic-%08x", r.Uint32(), i), first.AddDate(0, 0, day).UnixMilli(), k.Enumerator, 0,
					k.Point, k.Route, k.Day, state, 1, 0, 0, 1, 1, k.Errors, k.Warnings, k.Notes, k.worst, k.Similar, 1})
			}
			var instances [][]any
			for _, row := range rows {
				instances = append(instances, []any{row[2], 0, row[5], row[0], 1, []byte("synthetic digest of thirty-two b")})
			}
			if err := insert(t, `INSERT INTO submission (id, round, form, version, draft, instance, received, enumerator, sender, point, route, day,
 state, complete, unreadable, encrypted, revision, checked, errors, warnings, notes, worst, twin, etag) VALUES`, "", rows); err != nil {
				return err
			}
			if err := insert(t, "INSERT INTO instance (form, draft, instance, submission, number, digest) VALUES", "", instances); err != nil {
				return err
			}
			return insert(t, "INSERT INTO finding (round, rule, submission, severity) VALUES", "", found)
		})
		if err != nil {
			return err
		}
	}
	return Settle(ctx, db)
}

// Settle does what a server does by itself in time.
func Settle(ctx context.Context, db *DB) error {
	query := "PRAGMA optimize"
	if db.engine == postgresEngine {
		query = "VACUUM ANALYZE"
	}
	_, err := db.write.ExecContext(ctx, query)
	return err
}

// Explain is how a database reads a page.
func Explain(ctx context.Context, db *DB, f collection.Filter) (string, error) {
	f.Limit = 50
	p, err := db.plan(ctx, f)
	if err != nil {
		return "", err
	}
	q := p.pageQuery()
	out := fmt.Sprintf("known %d cost %d by %+v cells %v\n%s\n", p.known, p.cost, p.by, p.cells, q.text)
	before := "EXPLAIN QUERY PLAN "
	if db.engine == postgresEngine {
		before = "EXPLAIN (ANALYZE, BUFFERS) "
	}
	rows, err := db.read.QueryContext(ctx, before+db.engine.text(q.text), q.args...)
	if err != nil {
		return out, err
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	for rows.Next() {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return out, err
		}
		out += fmt.Sprintln(row[len(row)-1])
	}
	return out, rows.Err()
}

// VerifyTree makes the audit's tree again from its entries and compares.
func VerifyTree(ctx context.Context, db *DB) error {
	kept, err := readHead(db.on(ctx))
	if err != nil {
		return err
	}
	var tree audit.Tree
	err = db.on(ctx).Each("SELECT number, entry FROM audit_entry ORDER BY number", nil, func(s scan) error {
		var number int64
		var text []byte
		if err := s(&number, &text); err != nil {
			return err
		}
		if number != tree.Size() {
			return fmt.Errorf("entry %d has the number %d", tree.Size(), number)
		}
		tree.Grow(tlog.RecordHash(text))
		return nil
	})
	if err == nil && (tree.Size() != kept.Size() || tree.Root() != kept.Root()) {
		err = fmt.Errorf("the tree of %d entries is not the one of %d that is kept", tree.Size(), kept.Size())
	}
	return err
}
