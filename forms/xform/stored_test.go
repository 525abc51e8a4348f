package xform

import "testing"

// The expected values of this file are JavaRosa's (getodk/javarosa, its
// FormEntryController run on these forms), save where a truth is written: there
// JavaRosa has 1 and 0.

// A calculation without a type of its own is read as what it gave: as text,
// "false" would be a truth and a day no number.
const typedCalculations = `<data id="f"><n/><born/><adult/><day/><early/><sum/><shown/><later/><long/><same/></data>`

func TestCalculationsKeepWhatTheyGave(t *testing.T) {
	s := start(t, wrap(typedCalculations, `<bind nodeset="/data/n" type="int"/><bind nodeset="/data/born" type="date"/>
		<bind nodeset="/data/adult" type="string" calculate="/data/n &gt;= 18"/><bind nodeset="/data/day" type="string" calculate="once(/data/born)"/>
		<bind nodeset="/data/early" type="string" calculate="/data/day"/><bind nodeset="/data/sum" type="string" calculate="/data/n + 1"/>
		<bind nodeset="/data/shown" relevant="/data/adult"/><bind nodeset="/data/later" relevant="/data/early &gt; date('2000-01-01')"/>
		<bind nodeset="/data/long" relevant="/data/sum = '021'"/><bind nodeset="/data/same" relevant="/data/adult = 'true'"/>`,
		`<input ref="/data/n"/><input ref="/data/born"/>`))
	for _, c := range []struct {
		n, born                  string
		shown, later, long, same bool
	}{
		{"", "", false, false, false, false},
		{"17", "2005-02-03", false, true, false, false},
		{"20", "", true, true, true, true},
		{"18", "", true, true, false, true},
	} {
		s.answer("/data/n", c.n)
		s.answer("/data/born", c.born)
		s.wantRelevant("/data/shown", c.shown)
		s.wantRelevant("/data/later", c.later)
		s.wantRelevant("/data/long", c.long)
		s.wantRelevant("/data/same", c.same)
	}
	s.want("/data/day", "2005-02-03")
}

// JavaRosa sends a calculated truth as 1 or 0: the rules of a check must not
// take the text "0" for a truth.
func TestCheckReadsTruthsThatWereSent(t *testing.T) {
	f := mustParse(t, wrap(`<data id="f"><n/><adult/><why/></data>`, `<bind nodeset="/data/n" type="int"/>
		<bind nodeset="/data/adult" type="string" calculate="/data/n &gt;= 18"/><bind nodeset="/data/why" relevant="/data/adult" required="true()"/>`,
		`<input ref="/data/n"/><input ref="/data/why"/>`))
	for sent, want := range map[string]int{
		`<data id="f"><n>17</n><adult>0</adult></data>`:                     0,
		`<data id="f"><n>17</n><adult>0</adult><why>synthetic</why></data>`: 1,
		`<data id="f"><n>18</n><adult>1</adult></data>`:                     1,
		`<data id="f"><n>18</n><adult>1</adult><why>synthetic</why></data>`: 0,
	} {
		r, err := f.Check([]byte(sent), CheckOptions{})
		if err != nil || len(r.Problems) != want {
			t.Errorf("%s: %+v, %v", sent, r, err)
		}
	}
}

// A person's answer in the place of a calculation is text again.
func TestAnswersAreReadByTheType(t *testing.T) {
	s := start(t, wrap(`<data id="f"><n/><guess/><shown/></data>`, `<bind nodeset="/data/n" type="int"/>
		<bind nodeset="/data/guess" type="string" calculate="/data/n &gt; 1"/><bind nodeset="/data/shown" relevant="/data/guess"/>`,
		`<input ref="/data/n"/><input ref="/data/guess"/>`))
	s.wantRelevant("/data/shown", false)
	s.answer("/data/guess", "false")
	s.wantRelevant("/data/shown", true)
}

func TestIntsLoseTheFractionOfAnAnswer(t *testing.T) {
	s := start(t, wrap(`<data id="f"><d/><i/><j/></data>`, `<bind nodeset="/data/d" type="decimal"/>
		<bind nodeset="/data/i" type="int" calculate="/data/d"/><bind nodeset="/data/j" type="int"/>`,
		`<input ref="/data/d"><setvalue event="xforms-value-changed" ref="/data/j" value="/data/d"/></input>`))
	s.answer("/data/d", "10.75")
	s.want("/data/i", "10")
	s.want("/data/j", "10")
	s.answer("/data/d", "-0.25")
	s.want("/data/j", "0")
}

// An instance that comes with the instance around it was not added: the actions
// of its own repeat do not run.
func TestNewRepeatIsOfTheRepeatThatWasAdded(t *testing.T) {
	s := start(t, wrap(`<data id="f"><o jr:template=""><g><i><q/></i></g><p/></o></data>`, ``,
		`<repeat nodeset="/data/o"><setvalue event="odk-new-repeat" ref="/data/o/p" value="'outer'"/><group ref="/data/o/g"><repeat nodeset="/data/o/g/i"><input ref="/data/o/g/i/q"/>
		<setvalue event="odk-new-repeat" ref="/data/o/g/i/q" value="'inner'"/></repeat></group></repeat>`))
	s.add("/data", "/data/o")
	s.add("/data/o[1]/g", "/data/o/g/i")
	s.wantEach("/data/o/p", "outer")
	s.wantEach("/data/o/g/i/q", ",inner")
}
