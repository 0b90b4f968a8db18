package arch

import "testing"

// Families have their nets in the order of List's documentation, names are unique, and every net tells what List is
// asked for.
func TestList(t *testing.T) {
	seen := map[string]string{}
	for _, family := range families {
		for i, a := range family {
			if a.Family != family[0].Family {
				t.Errorf("%s is of the family %q (want %q)", a.Name, a.Family, family[0].Family)
			}
			if i > 0 && a.Params < family[i-1].Params {
				t.Errorf("%s has %d parameters, less than %s before it", a.Name, a.Params, family[i-1].Name)
			}
			for _, name := range append([]string{a.Name}, a.Aliases...) {
				if seen[name] != "" {
					t.Errorf("%q is the name of %s and %s", name, seen[name], a.Name)
				}
				seen[name] = a.Name
				if got, err := ByName(name); err != nil || got.Name != a.Name {
					t.Errorf("ByName(%q) is %q, %v (want %s)", name, got.Name, err, a.Name)
				}
			}
			if a.MinSize < 1 || a.Size < a.MinSize || a.Features < 1 {
				t.Errorf("%s: size %d, smallest %d, %d features", a.Name, a.Size, a.MinSize, a.Features)
			}
		}
	}
}

// The number of parameters is that of the peer's net, and that of the variables that body and top make.
func TestParams(t *testing.T) {
	for _, a := range List() {
		t.Run(a.Name, func(t *testing.T) {
			store, err := a.of(a.logits).Variables(backend(t))
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for v := range store.IterVariables() {
				if v.Trainable {
					n += v.Shape().Size()
				}
			}
			if peer := truthOf(t, a).Params; a.Params != n || a.Params != peer {
				t.Errorf("Params is %d, its variables have %d, the peer's net %d", a.Params, n, peer)
			}
		})
	}
}
