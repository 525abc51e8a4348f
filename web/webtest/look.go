package webtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// ScreensEnv names the folder that screenshots go to; without it none are written.
const ScreensEnv = "WAYMARK_SCREENS"

// Screenshot writes NAME-360.png and NAME-1280.png of the whole page into the folder
// that WAYMARK_SCREENS names, and fails if the page is wider than either window. The
// window is 1280 wide afterwards.
func (tab *Tab) Screenshot(name string) {
	tab.t.Helper()
	dir := os.Getenv(ScreensEnv)
	for _, w := range []int64{360, 1280} {
		tab.Width(w)
		var wide float64
		tab.Eval(`document.documentElement.scrollWidth`, &wide)
		if wide > float64(w) {
			var who string
			tab.Eval(`[...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1)
				.filter(e => !e.closest(".govuk-visually-hidden, .govuk-skip-link")).slice(0, 3).map(e => e.outerHTML.slice(0, 160)).join(" | ")`, &who)
			tab.t.Errorf("%s at %d pixels is %v wide: %s", name, w, wide, who)
		}
		if dir == "" {
			continue
		}
		// The window becomes as tall as the page. A picture beyond the window is shifted
		// where pages are read from the right and were narrower just before.
		var tall float64
		tab.Eval(`Math.max(innerHeight, document.documentElement.scrollHeight)`, &tall)
		tab.run(chromedp.EmulateViewport(w, int64(tall)))
		picture, err := fewColours(call(tab, page.CaptureScreenshot, page.CaptureScreenshotParams{}).Data)
		if err != nil {
			tab.t.Fatal(err)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			tab.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+"-"+strconv.FormatInt(w, 10)+".png"), picture, 0o644); err != nil {
			tab.t.Fatal(err)
		}
	}
}

// violation is what axe-core found.
type violation struct {
	ID, Help, Impact string
	Nodes            []struct {
		HTML           string
		FailureSummary string
	}
}

// Axe runs axe-core on the page, with the rules of WCAG 2.2 AA and its best practices,
// and fails on every violation.
func (tab *Tab) Axe() {
	tab.t.Helper()
	source, err := os.ReadFile(filepath.Join(Root(tab.t), ".cache", "assets", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		tab.t.Fatalf("axe-core is missing: %v\ninstall it with: make tools", err)
	}
	tab.run(chromedp.Evaluate[chromedp.Void](string(source)))
	var found string
	tab.Eval(`axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations))`, &found)
	var all []violation
	if err := json.Unmarshal([]byte(found), &all); err != nil {
		tab.t.Fatal(err)
	}
	path := tab.Path()
	for _, v := range all {
		for _, n := range v.Nodes {
			tab.t.Errorf("%s: axe %s (%s): %s\n%.300s\n%s", path, v.ID, v.Impact, v.Help, n.HTML, n.FailureSummary)
		}
	}
}

// Keyboard walks the page by the Tab key and fails if a link, button or field that is
// seen is not reached, or has the focus without being seen to have it. It returns
// what was reached, in order.
func (tab *Tab) Keyboard() []string {
	tab.t.Helper()
	var want []string
	tab.Eval(`(() => {
		const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")];
		let n = 0;
		const groups = new Set();
		return all.filter(e => {
			if (e.disabled || e.hidden || !e.checkVisibility({visibilityProperty: true}) || e.closest("[inert]")) return false;
			// Of a group of radio buttons the keyboard reaches one; arrows do the rest.
			if (e.type === "radio") { if (groups.has(e.name)) return false; groups.add(e.name); }
			return true;
		}).map(e => (e.dataset.stop = e.type === "radio" ? "radio " + e.name : String(n++), e.dataset.stop));
	})()`, &want)
	tab.Eval(`document.activeElement.blur(), getSelection().removeAllRanges(), true`, nil)
	reached := map[string]bool{}
	var order []string
	for range len(want) + 5 {
		tab.run(chromedp.KeyEvent("\t"))
		var at struct {
			Stop, What string
			Seen       bool
		}
		tab.Eval(`(() => {
			const e = document.activeElement;
			const stop = e.type === "radio" ? "radio " + e.name : (e.dataset.stop ?? "");
			const s = getComputedStyle(e);
			let seen = s.outlineStyle !== "none" && s.outlineWidth !== "0px" || s.boxShadow !== "none";
			// Radio buttons and checkboxes show it on their label.
			if (!seen && e.nextElementSibling) seen = getComputedStyle(e.nextElementSibling, "::before").boxShadow !== "none";
			return {Stop: stop, What: e.outerHTML.slice(0, 120), Seen: seen};
		})()`, &at)
		if at.Stop == "" {
			if len(reached) == len(want) {
				break
			}
			continue
		}
		if reached[at.Stop] {
			continue
		}
		reached[at.Stop] = true
		order = append(order, at.What)
		if !at.Seen {
			tab.t.Errorf("%s: the focus is not seen on %s", tab.Path(), at.What)
		}
	}
	for _, stop := range want {
		if !reached[stop] {
			var what string
			tab.Eval(`document.querySelector('[data-stop="`+strings.ReplaceAll(stop, `"`, `\"`)+`"]')?.outerHTML.slice(0, 160) ?? ""`, &what)
			tab.t.Errorf("%s: the keyboard does not reach %s", tab.Path(), what)
		}
	}
	return order
}

// PrintedPages returns how many sheets of paper the page takes when it is printed.
func (tab *Tab) PrintedPages() int {
	tab.t.Helper()
	return len(sheetOf.FindAll(value(tab, chromedp.PrintToPDF()), -1))
}

var sheetOf = regexp.MustCompile(`/Type\s*/Page\b`)
