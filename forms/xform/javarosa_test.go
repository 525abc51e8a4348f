package xform

import (
	"strings"
	"testing"
)

// The cases of this file are JavaRosa's, told in our words; each names the test
// of JavaRosa that it stands for.

func (s scene) add(parent, repeat string) {
	s.Helper()
	if _, err := s.AddRepeat(s.at(parent), s.form.Node(repeat)); err != nil {
		s.Fatal(err)
	}
}

func (s scene) wantEach(path, values string) {
	s.Helper()
	var got []string
	for _, n := range s.Find(path) {
		got = append(got, s.Get(n))
	}
	if strings.Join(got, ",") != values {
		s.Errorf("%s are %q, want %q", path, strings.Join(got, ","), values)
	}
}

// TriggerableDagTest.addingOrRemovingRepeatInstance_withReferenceToPreviousInstance
// and changingValueInRepeat_withReferenceToNextInstance (which JavaRosa ignores,
// since it cannot).
func TestReferencesToOtherInstances(t *testing.T) {
	s := start(t, wrap(`<data id="f"><g jr:template=""><before/><number/><after/></g></data>`,
		`<bind nodeset="/data/g/before" type="int" calculate="/data/g[position() = (position(current()/..) - 1)]/number"/>
		<bind nodeset="/data/g/after" type="int" calculate="/data/g[position() = (position(current()/..) + 1)]/number"/><bind nodeset="/data/g/number" type="int"/>`,
		`<repeat nodeset="/data/g"><input ref="/data/g/number"/></repeat>`))
	for i, v := range []string{"11", "22", "33"} {
		s.add("/data", "/data/g")
		if err := s.Set(s.Find("/data/g/number")[i], v); err != nil {
			t.Fatal(err)
		}
	}
	s.wantEach("/data/g/before", ",11,22")
	s.wantEach("/data/g/after", "22,33,")
	if err := s.RemoveRepeat(s.at("/data/g[2]")); err != nil {
		t.Fatal(err)
	}
	s.wantEach("/data/g/before", ",11")
	s.wantEach("/data/g/after", "33,")
}

// RepeatTest.absoluteSingleNodePaths_areQualified_forLegacyPurposes
func TestAbsolutePathsStayInTheirInstance(t *testing.T) {
	s := start(t, wrap(`<data id="f"><o><q/><c/><i><q/><c/></i></o></data>`,
		`<bind nodeset="/data/o/c" calculate="/data/o/q + 1"/><bind nodeset="/data/o/i/c" calculate="/data/o/i/q + 2"/>`,
		`<repeat nodeset="/data/o"><input ref="/data/o/q"/><repeat nodeset="/data/o/i"><input ref="/data/o/i/q"/></repeat></repeat>`))
	s.add("/data", "/data/o")
	s.add("/data/o[2]", "/data/o/i")
	s.answer("/data/o[1]/q", "5")
	s.answer("/data/o[2]/q", "23")
	s.answer("/data/o[1]/i[1]/q", "18")
	s.answer("/data/o[2]/i[1]/q", "1")
	s.wantEach("/data/o/c", "6,24")
	s.wantEach("/data/o/i/c", "20,3")
}

// TriggerableDagTest.addingNestedRepeatInstance_updatesExpressionTriggeredByGenericRef
func TestCountsOfNestedRepeats(t *testing.T) {
	s := start(t, wrap(`<data id="f"><o jr:template=""><i jr:template=""><c/><x/></i></o></data>`,
		`<bind nodeset="/data/o/i/c" type="int" calculate="count(../../i)"/>`,
		`<repeat nodeset="/data/o"><repeat nodeset="/data/o/i"><input ref="/data/o/i/x"/></repeat></repeat>`))
	s.add("/data", "/data/o")
	for range 3 {
		s.add("/data/o[1]", "/data/o/i")
	}
	s.add("/data", "/data/o")
	for range 2 {
		s.add("/data/o[2]", "/data/o/i")
	}
	s.wantEach("/data/o/i/c", "3,3,3,2,2")
}

// TriggerableDagTest.non_relevant_nodes_are_excluded_from_nodeset_evaluation and
// FormDefTest.nestedRepeatRelevance_updatesBasedOnParentPosition
func TestRelevanceByPosition(t *testing.T) {
	s := start(t, wrap(`<data id="f"><n><v>1</v></n><n><v>2</v></n><n><v>4</v></n><sum/><odd>0</odd><o><i><q>1</q></i></o><o><i><q>2</q></i></o><all/></data>`,
		`<bind nodeset="/data/n" relevant="position() &gt; 1"/><bind nodeset="/data/sum" calculate="sum(/data/n/v)"/>
		<bind nodeset="/data/o/i" relevant="position(..) mod 2 = /data/odd"/><bind nodeset="/data/all" calculate="sum(/data/o/i/q)"/>`,
		`<repeat nodeset="/data/n"><input ref="/data/n/v"/></repeat><repeat nodeset="/data/o"><repeat nodeset="/data/o/i"><input ref="/data/o/i/q"/></repeat></repeat>`))
	s.want("/data/sum", "6")
	s.want("/data/all", "2")
	s.answer("/data/odd", "1")
	s.want("/data/all", "1")
	if err := s.RemoveRepeat(s.at("/data/n[1]")); err != nil {
		t.Fatal(err)
	}
	s.want("/data/sum", "4")
}

// TriggerableDagTest.verify_relation_between_calculate_expressions_and_relevancy_conditions
// and non_relevant_node_values_are_always_null
func TestIrrelevantValuesAreBlank(t *testing.T) {
	s := start(t, wrap(`<data id="f"><n/><go/><g><x2/><x4/><q/></g><result/><field>42</field></data>`,
		`<bind nodeset="/data/g" relevant="/data/go = '1'"/><bind nodeset="/data/g/x2" type="int" calculate="/data/n * 2"/>
		<bind nodeset="/data/g/x4" type="int" calculate="/data/g/x2 * 2"/><bind nodeset="/data/g/q" relevant="/data/g/x2 &gt; 0"/>
		<bind nodeset="/data/field" type="int" relevant="/data/go = '1'"/><bind nodeset="/data/result" type="int" calculate="if(/data/field != '', /data/field + 33, 33)"/>`, `<input ref="/data/n"/>`))
	s.answer("/data/n", "2")
	if v := s.at("/data/g/x2").Value; v != "4" {
		t.Errorf("a calculation that is not relevant is not kept up to date: %q", v)
	}
	s.want("/data/result", "33")
	s.answer("/data/go", "1")
	s.want("/data/g/x4", "8")
	s.want("/data/result", "75")
	s.wantRelevant("/data/g/q", true)
}

// SetValueActionTest.setvalueAtRoot_setsValueOfNodeInFirstRepeatInstance,
// setValueAtRoot_throwsExpression_whenTargetIsUnboundReference,
// setValueInRepeat_setsValueOutsideOfRepeat, setvalue_withEmptyStringValue_clearsTarget
// and OdkNewRepeatEventTest.newRepeatInstance_canUsePreviousInstanceAsDefault
func TestTargetsOfActions(t *testing.T) {
	s := start(t, wrap(`<data id="f"><a/><b/><sum>0</sum><clear>x</clear><r><d/><s/><q/></r></data>`, `<bind nodeset="/data/sum" type="int"/>`,
		`<input ref="/data/a"><setvalue event="xforms-value-changed" ref="/data/r[position()=1]/d" value="/data/a"/><setvalue event="xforms-value-changed" ref="/data/clear" value="''"/></input>
		<input ref="/data/b"><setvalue event="xforms-value-changed" ref="/data/r/d" value="/data/b"/></input>
		<repeat nodeset="/data/r"><input ref="/data/r/s"><setvalue event="xforms-value-changed" ref="/data/sum" value=". + 1"/></input><input ref="/data/r/q"/>
		<setvalue event="odk-new-repeat" ref="/data/r/q" value="/data/r[position()=position(current()/..)-1]/q"/></repeat>`))
	s.answer("/data/r[1]/q", "7")
	s.add("/data", "/data/r")
	s.wantEach("/data/r/q", "7,7")
	s.answer("/data/a", "foo")
	s.wantEach("/data/r/d", "foo,")
	s.want("/data/clear", "")
	s.answer("/data/b", "bar")
	s.wantEach("/data/r/d", "foo,")
	if len(s.Faults()) != 1 || !strings.Contains(s.Faults()[0].Message, "several") {
		t.Errorf("faults %v", s.Faults())
	}
	s.answer("/data/r[1]/s", "1")
	s.answer("/data/r[2]/s", "1")
	s.want("/data/sum", "2")
}

// TriggerableDagTest.readonly_is_inherited_from_ancestors,
// constraints_of_fields_that_are_empty_are_always_satisfied and
// empty_required_fields_make_form_validation_fail
func TestReadOnlyRequiredAndConstraint(t *testing.T) {
	s := start(t, wrap(`<data id="f"><lock/><g><x/></g><c/><r/></data>`,
		`<bind nodeset="/data/g" readonly="/data/lock = 1"/><bind nodeset="/data/c" constraint="false()"/><bind nodeset="/data/r" required="/data/lock = 1"/>`,
		`<input ref="/data/c"/><input ref="/data/r"/>`))
	if s.ReadOnly(s.at("/data/g/x")) || s.Required(s.at("/data/r")) || len(s.Validate()) != 0 {
		t.Errorf("%+v", s.Validate())
	}
	s.answer("/data/lock", "1")
	if !s.ReadOnly(s.at("/data/g/x")) || !s.Required(s.at("/data/r")) {
		t.Error("the lock changes nothing")
	}
	s.answer("/data/c", "x")
	if p := s.Validate(); len(p) != 2 || p[0].Kind != Constraint || p[1].Kind != Required {
		t.Errorf("%+v", p)
	}
}
