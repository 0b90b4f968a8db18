package plots_test

import (
	"log"
	"math"

	"github.com/fastnb/fastnb/plots"
)

// The sixteen German states: what a net learns about them from the sales of shops looks much like their map.
func ExampleEmbedding() {
	states := []string{"Baden-Württemberg", "Bayern", "Berlin", "Brandenburg", "Bremen", "Hamburg", "Hessen",
		"Mecklenburg-Vorpommern", "Niedersachsen", "Nordrhein-Westfalen", "Rheinland-Pfalz", "Saarland", "Sachsen",
		"Sachsen-Anhalt", "Schleswig-Holstein", "Thüringen"}
	xy := [][]float64{{9.0, 48.5}, {11.4, 48.8}, {13.4, 52.5}, {13.4, 52.1}, {8.8, 53.1}, {10.0, 53.5}, {9.0, 50.6},
		{12.5, 53.8}, {9.2, 52.8}, {7.6, 51.5}, {7.4, 49.9}, {7.0, 49.4}, {13.3, 51.0},
		{11.7, 52.0}, {9.8, 54.2}, {11.0, 50.9}}
	regions := []string{"south", "south", "east", "east", "north", "north", "west",
		"east", "north", "west", "west", "west", "east",
		"east", "north", "east"}
	f, err := plots.Embedding(xy, states, plots.Groups(regions), plots.Axes{X: "component 1", Y: "component 2"})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/embedding.png"); err != nil {
		log.Fatal(err)
	}
}

// Fifty films along two axes, many of them close to others.
func ExampleEmbedding_films() {
	var xy [][]float64
	for i := range films {
		angle, far := 2.4*float64(i), math.Pow(float64(i+1)/50, .8)
		xy = append(xy, []float64{far * math.Cos(angle), .6 * far * math.Sin(angle)})
	}
	f, err := plots.Embedding(xy, films)
	if err != nil {
		log.Fatal(err)
	}
	if err := f.Save("testdata/embedding_films.png"); err != nil {
		log.Fatal(err)
	}
}

var films = []string{"Star Wars: Episode IV - A New Hope (1977)", "Contact (1997)", "Fargo (1996)",
	"Return of the Jedi (1983)", "Liar Liar (1997)", "English Patient, The (1996)", "Scream (1996)",
	"Toy Story (1995)", "Air Force One (1997)", "Independence Day (ID4) (1996)", "Raiders of the Lost Ark (1981)",
	"Godfather, The (1972)", "Pulp Fiction (1994)", "Twelve Monkeys (1995)", "Silence of the Lambs, The (1991)",
	"Jerry Maguire (1996)", "Rock, The (1996)", "Empire Strikes Back, The (1980)", "Star Trek: First Contact (1996)",
	"Titanic (1997)", "Back to the Future (1985)", "Mission: Impossible (1996)", "Fugitive, The (1993)",
	"Indiana Jones and the Last Crusade (1989)", "Willy Wonka and the Chocolate Factory (1971)",
	"Princess Bride, The (1987)", "Forrest Gump (1994)", "Monty Python and the Holy Grail (1974)",
	"Saint, The (1997)", "Full Monty, The (1997)", "Men in Black (1997)", "Terminator, The (1984)",
	"E.T. the Extra-Terrestrial (1982)", "Braveheart (1995)", "Dead Man Walking (1995)", "Leaving Las Vegas (1995)",
	"Mr. Holland's Opus (1995)", "Birdcage, The (1996)", "Shawshank Redemption, The (1994)",
	"Terminator 2: Judgment Day (1991)", "Conspiracy Theory (1997)", "Die Hard (1988)", "Jurassic Park (1993)",
	"Schindler's List (1993)", "Top Gun (1986)", "Groundhog Day (1993)", "Sense and Sensibility (1995)",
	"Aliens (1986)", "Alien (1979)", "Twister (1996)"}
