package outline

import (
	"html"
	"strings"

	"waymark/internal/pattern"
)

// Labels may carry the little markup that ODK Collect shows: a few HTML tags,
// and the headings, emphasis and links of Markdown. Source: ODK documentation,
// "Styling text" of the XLSForm guide.
var (
	tag      = pattern.Of(`(?i)</?(?:span|p|b|i|u|em|strong|small|big|font|center|div|br|h[1-6]|a|sub|sup|ul|ol|li)(?:\s[^<>]*)?/?>`)
	lineTag  = pattern.Of(`(?i)<(?:br|p|div|li|h[1-6])(?:\s[^<>]*)?/?>`)
	heading  = pattern.Of(`(?m)^[ \t]*(#{1,6})[ \t]+(\S.*)$`)
	link     = pattern.Of(`\[([^\[\]]+)\]\(([^()\s]+)\)`)
	strong   = pattern.Of(`\*\*(\S(?:[^*]*\S)?)\*\*|\b__(\S(?:[^_]*\S)?)__\b`)
	emphasis = pattern.Of(`(^|[^*\\\pL\pN])\*([^\s*](?:[^*\n]*[^\s*])?)\*|(^|[^_\\\pL\pN])_([^\s_](?:[^_\n]*[^\s_])?)_($|[^_\pL\pN])`)
	escaped  = pattern.Of(`\\([*_#\\\[\]()])`)
)

// Strip returns a text without markup, on one line, with single spaces.
func Strip(s string) string {
	if strings.ContainsRune(s, '<') {
		s = tag().ReplaceAllString(lineTag().ReplaceAllString(s, " "), "")
	}
	if strings.ContainsAny(s, "#*_[\\") {
		s = heading().ReplaceAllString(s, "$2")
		s = link().ReplaceAllString(s, "$1")
		s = strong().ReplaceAllString(s, "$1$2")
		s = emphasis().ReplaceAllString(s, "$1$3$2$4$5")
		s = escaped().ReplaceAllString(s, "$1")
	}
	return strings.Join(strings.Fields(s), " ")
}

// HTML returns a text as safe HTML: everything is escaped, then headings and
// strong text become <strong>, emphasis <em>, line ends <br>, and links their
// text with the address behind it. Tags of the text's own are dropped.
func HTML(s string) string {
	s = strings.ReplaceAll(strings.TrimSpace(s), "\r\n", "\n")
	if strings.ContainsRune(s, '<') {
		s = tag().ReplaceAllString(lineTag().ReplaceAllString(s, "\n"), "")
	}
	s = html.EscapeString(strings.TrimSpace(s))
	if strings.ContainsAny(s, "#*_[\\") {
		s = heading().ReplaceAllString(s, "<strong>$2</strong>")
		s = link().ReplaceAllString(s, `$1 <span class="address">($2)</span>`)
		s = strong().ReplaceAllString(s, "<strong>$1$2</strong>")
		s = emphasis().ReplaceAllString(s, "$1$3<em>$2$4</em>$5")
		s = escaped().ReplaceAllString(s, "$1")
	}
	return strings.ReplaceAll(strings.TrimSpace(s), "\n", "<br>")
}
