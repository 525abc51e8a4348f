package review

import (
	"testing"

	"waymark/web/page"
	"waymark/web/page/pagetest"
)

func TestWords(t *testing.T) {
	pagetest.CheckLanguages(t, Area(pagetest.House(page.House{}), Options{}))
}
