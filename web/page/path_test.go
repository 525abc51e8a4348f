package page_test

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/ids"
	"waymark/web/page"
)

func TestLocalPath(t *testing.T) {
	for path, want := range map[string]bool{
		"/": true, "/rounds/0abc?state=received": true, "/a//b": true, "/a#b": true, "/a?to=https://b.example": true,
		"": false, "rounds": false, "//evil.example": false, "///evil.example": false, `/\evil.example`: false, `\/evil.example`: false,
		"https://evil.example": false, "javascript:alert(1)": false, "/\tevil": false, "/\n/evil.example": false, " /": false, "/%zz": false,
		"/" + strings.Repeat("a", 3000): false,
	} {
		if got := page.LocalPath(path); got != want {
			t.Errorf("LocalPath(%q) is %v", path, got)
		}
	}
}

func FuzzLocalPath(f *testing.F) {
	for _, s := range []string{"/", "//a", `/\a`, "/a?b=c", "/\t/a", "http:/a"} {
		f.Add(s)
	}
	base, err := url.Parse("https://waymark.test/sign-in")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !page.LocalPath(s) {
			return
		}
		// What browsers do before they read an address: drop tabs and line ends,
		// take backslashes for slashes.
		seen := strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(strings.TrimSpace(s))
		u, err := base.Parse(seen)
		if err != nil || u.Host != "waymark.test" || u.Scheme != "https" {
			t.Fatalf("%q leads to %v (%v)", s, u, err)
		}
	})
}

func TestPath(t *testing.T) {
	got := page.Path("/rounds/{round}/files/{name}", "round", ids.ID(1<<40), "name", "a/b ?.csv", "state", []string{"a", "b"}, "after", "", "q", "x&y")
	if want := "/rounds/" + ids.ID(1<<40).String() + "/files/a%2Fb%20%3F.csv?q=x%26y&state=a&state=b"; got != want {
		t.Errorf("the path is %s, wanted %s", got, want)
	}
}
