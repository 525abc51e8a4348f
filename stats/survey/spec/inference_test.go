package spec

import (
	"context"
	"encoding/json"
	"testing"
)

// Cases of what the shared reference values do not reach, by R 4.2.2 with survey
// 4.1.1: the calls are those of cmd/waymark/testdata/analyse/analyse.R.
func TestInferenceCasesAgainstR(t *testing.T) {
	const one = `"data":"apiclus1.csv","design":{"clusters":["dnum"],"weights":"pw","fpc":["fpc"]}`
	files := NewLibrary(referenceDir(t))
	for _, c := range []struct{ name, text, want string }{
		{"svyvar", `{` + one + `,"estimate":"variance","variables":["api00"]}`, `[{"variable":"api00","estimate":11182.8227946916,"se":1386.41394291426}]`},
		{"cov2cor(svyvar)", `{` + one + `,"estimate":"correlation","variables":["api00","ell"]}`, `[{"estimate":-0.594104201544592}]`},
		{"svyttest", `{` + one + `,"estimate":"ttest","formula":"api00~sch.wide"}`, `[{"estimate":41.3190217391304,"t":2.10898984779292,"df":13,"p":0.0549088170890467}]`},
		{"svyranktest", `{` + one + `,"estimate":"ranktest","formula":"api00~stype","method":"KruskalWallis"}`, `[{"statistic":2.22397482137553,"p":0.360546784857326}]`},
		{"svycontrast", `{` + one + `,"estimate":"contrast","formula":"(api00[stype=H] + api00[stype=M])/2 - api00[stype=E]"}`, `[{"estimate":-23.8623412698412,"se":16.4802912454914}]`},
		{"regTermTest", `{"data":"apiclus2.csv","design":{"clusters":["dnum","snum"],"weights":"pw","fpc":["fpc1","fpc2"]},"estimate":"linear","formula":"api00 ~ ell*stype","wald":"ell:stype"}`,
			`[{"statistic":2.82683617434802,"df":[2,34],"p":0.0731683995558499}]`},
		{"as.svrepdesign JKn", `{"data":"apistrat.csv","design":{"strata":"stype","weights":"pw","fpc":["fpc"]},"estimate":"mean","variables":["api00"],"replicates":{"type":"JKn"}}`,
			`[{"variable":"api00","estimate":662.287363159321,"se":9.4089408027845,"ci":[643.846178053194,680.728548265448]}]`},
		{"svyquantile", `{` + one + `,"estimate":"quantile","variables":["api00"],"p":[0.5],"quantile_rule":"hf7","quantile_interval":"beta"}`,
			`[{"p":0.5,"estimate":652,"ci":[556.422367884241,715.949994198683]}]`},
		{"trimWeights", `{"data":"apistrat.csv","design":{"strata":"stype","weights":"pw","fpc":["fpc"]},"estimate":"mean","variables":["api00"],"trim":{"upper":40}}`,
			`[{"estimate":659.349743500561,"se":8.92786102192754}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			cases, _, err := Parse([]byte(c.text), "case.json")
			if err != nil {
				t.Fatal(err)
			}
			rows, err := Run(context.Background(), cases[0], files)
			if err != nil {
				t.Fatal(err)
			}
			var want []map[string]any
			if err := json.Unmarshal([]byte(c.want), &want); err != nil {
				t.Fatal(err)
			}
			compare(t, rows, want, 1e-7)
		})
	}
}

func TestFormulaCasesNeedOne(t *testing.T) {
	for _, kind := range byFormula {
		c := Case{Data: "x.csv", Estimate: kind}
		if err := c.check(); err == nil {
			t.Errorf("%s without a formula is taken", kind)
		}
	}
}
