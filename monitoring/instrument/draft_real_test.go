package instrument

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"waymark/stats/table"
)

// TestDraftOfRealFiles drafts from every table that lies beside the project;
// each draft loads, and reads its own file without a remark on the header.
func TestDraftOfRealFiles(t *testing.T) {
	root := shared(t)
	var files []string
	for _, pattern := range []string{"oracles/survey/*.csv", "oracles/mse/*.csv", "data/*/*.csv"} {
		found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 10 {
		t.Fatalf("only %d tables", len(files))
	}
	for _, path := range files {
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			continue // one of the published files is empty
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			_, in := mustDraft(t, path)
			res, err := table.Read(context.Background(), path, table.Options{Match: in.Match})
			if err != nil {
				t.Fatal(err)
			}
			if got := len(res.Table.Columns()); got != len(in.Questions) || got != len(res.Source.Columns) {
				t.Errorf("%d columns read, %d questions, %d headers", got, len(in.Questions), len(res.Source.Columns))
			}
			for _, f := range res.Warnings.Faults {
				if f.Place.Row == 1 {
					t.Errorf("a header is remarked on: %v", f)
				}
			}
		})
	}
}

// TestDraftOfAForm drafts roles, indicators and marks from a form of its own.
func TestDraftOfAForm(t *testing.T) {
	path := filepath.Join(t.TempDir(), "My form.xlsx")
	writeWorkbook(t, path, map[string][][]any{
		"survey": {{"type", "name", "label", "media::image"}, {"start", "start"}, {"select_one yn", "consent", "Consent?"}, {"select_one yn", "ok", "All well?"},
			{"select_one band", "transit_time", "How long?"}, {"text", "story", "Tell me"}, {"geopoint", "gps", "Where?"}},
		"choices": {{"list name", "name", "label"}, {"yn", "y", "Yes"}, {"yn", "n", "No"}, {"yn", "x", "Prefer not to say"}, {"band", "short", "Short"}, {"band", "long", "Long"}},
	})
	d, in := mustDraft(t, path)
	if d.ID != "My_form" || in.Title.In("en") != "My_form" {
		t.Errorf("id %s, title %v", d.ID, in.Title)
	}
	if i := in.Indicator("ok"); i == nil || i.Yes[0] != "y" || i.Label.In("en") != "All well?" || i.Citation.Authority != "drafted from the form" {
		t.Errorf("indicator ok: %+v", i)
	}
	if in.Lists["yn"][2].Missing != table.Refused {
		t.Errorf("the choice that refuses: %+v", in.Lists["yn"])
	}
	if in.Roles[RoleTransit] != "transit_time" || !in.Question("transit_time").Ordered {
		t.Error("a time in transit is ordered")
	}
	if !in.Question("story").Identifying || !in.Question("gps").Identifying || in.Question("ok").Identifying {
		t.Error("typed answers and positions may point to a person")
	}
}
