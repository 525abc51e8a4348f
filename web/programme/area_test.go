package programme

import (
	"flag"
	"os"
	"testing"

	"waymark/monitoring/brief/figure"
	"waymark/monitoring/collection/collectiontest"
	"waymark/trust/account"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

var update = flag.Bool("update", false, "write what is made from code anew")

// accounts stand for a store that pages do not reach.
type accounts struct{ account.Store }

func house(s *collectiontest.Store) *page.House {
	return pagetest.House(page.House{Collection: s, Accounts: accounts{}})
}

func TestWords(t *testing.T) {
	pagetest.CheckLanguages(t, Area(house(collectiontest.New())))
}

// TestFigureStyle: pages carry the style sheet of pictures as the brief does.
func TestFigureStyle(t *testing.T) {
	const path = "../assets/figure.css"
	want := "/* written by go test ./web/programme -update from monitoring/brief/figure; do not edit. */\n" + figure.Style()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s differs from what figure.Style writes (%v); run: go test ./web/programme -update", path, err)
	}
}
