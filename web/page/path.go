package page

import (
	"fmt"
	"net/url"
	"strings"
)

// Path fills the {wildcards} of a pattern and makes a query of the other pairs;
// an empty value of the query is left out:
//
//	Path("/rounds/{round}/submissions", "round", id, "state", "received")
//
// A slice of texts repeats its name.
func Path(pattern string, pairs ...any) string {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name := fmt.Sprint(pairs[i])
		if hole := "{" + name + "}"; strings.Contains(pattern, hole) {
			pattern = strings.ReplaceAll(pattern, hole, url.PathEscape(fmt.Sprint(pairs[i+1])))
			continue
		}
		switch v := pairs[i+1].(type) {
		case []string:
			for _, s := range v {
				query.Add(name, s)
			}
		default:
			if s := fmt.Sprint(v); s != "" {
				query.Add(name, s)
			}
		}
	}
	if len(query) > 0 {
		pattern += "?" + query.Encode()
	}
	return pattern
}
