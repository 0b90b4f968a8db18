package datasets

// The public archives of the fast.ai course, and their datasets' own homes.
const (
	fastAISample = "https://s3.amazonaws.com/fast-ai-sample/"
	kaggleHome   = "https://www.kaggle.com/c/"
	imdbHome     = "https://ai.stanford.edu/~amaas/data/sentiment/"
)

// sets are all that Fetch knows. Where a variant has a checksum it is one that was looked at; public archives of which
// we never had the bytes have none. A mirror's smaller or re-encoded variant is listed first.
var sets = []Set{
	{
		Name:    "pets_sample",
		About:   "600 photos of 2 breeds of cats and one of dogs: train 3x160, valid 3x40, longest side 256",
		Licence: "CC BY-SA 4.0, Parkhi, Vedaldi, Zisserman, Jawahar: Cats and Dogs (2012)",
		Page:    "https://www.robots.ox.ac.uk/~vgg/data/pets/",
		sources: []source{{file: "pets_sample.tgz", inRepo: true,
			sha256: "a5add47b39648cf488252132884973318a1c7a09ce1af807d4a77536c11ee5f7"}},
	},
	{
		Name:    "dogscats",
		About:   "Dogs vs Cats: train, valid (cats/, dogs/) and test1 without labels; 25,000 photos, or a mirror's 2,000",
		Licence: "Kaggle's terms",
		Page:    kaggleHome + "dogs-vs-cats-redux-kernels-edition",
		sources: []source{
			{file: "dogscats.tar", sha256: "989bac71a0ce8fdc28f421e35082e1c31a6ffd166625aabf71e9271080f36896"},
			{file: "dogscats.tgz", url: fastAISample + "dogscats.tgz"},
		},
	},
	{
		Name:    "plant-seedlings",
		About:   "Plant Seedlings: train with 12 species, test without labels, sample_submission.csv; a mirror's has 600 + 120 photos",
		Licence: "CC BY-SA 4.0, Aarhus University",
		Page:    kaggleHome + "plant-seedlings-classification",
		sources: []source{{file: "plant-seedlings.tar",
			sha256: "e873f7c931fcbdff0ccf6e32e92e8ef5e701aff3e65a6b4b0ab75949773bcfd4"}},
	},
	{
		Name:    "cifar10",
		About:   "CIFAR-10: 32x32 pictures of 10 classes, train 50,000, test 10,000; PNG, or a mirror's lossy JPEG (about 10 points harder)",
		Licence: "for research, Krizhevsky (2009)",
		Page:    "https://www.cs.toronto.edu/~kriz/cifar.html",
		sources: []source{
			{file: "cifar10.tgz", sha256: "5646d9d839f1ed5199ee6ff3f468f0280bb2b4123814fc34bae57a645b858081"},
			{file: "cifar10.tgz", url: fastAISample + "cifar10.tgz"},
		},
	},
	{
		Name:    "mnist_sample",
		About:   "handwritten digits 3 and 7, 28x28: train 12,396, valid 2,038",
		Licence: "CC BY-SA 3.0, LeCun, Cortes, Burges",
		Page:    "http://yann.lecun.com/exdb/mnist/",
		sources: []source{
			{file: "mnist_sample.tgz", sha256: "b373a14f282298aeba0f7dd56b7cdb6c2401063d4f118c39c54982907760bd38"},
			{file: "mnist_sample.tgz", url: fastAISample + "mnist_sample.tgz"},
		},
	},
	{
		Name:    "imdb_sample",
		About:   "1,000 film reviews with labels, as a table",
		Licence: "for research, Maas et al. (2011)",
		Page:    imdbHome,
		sources: []source{
			{file: "imdb_sample.tgz", sha256: "65aae6c9d23b6bdde372e55da1fefaddb1006ef99392fb8fc7b383a3bf730249"},
			{file: "imdb_sample.tgz", url: fastAISample + "imdb_sample.tgz"},
		},
	},
	{
		Name:    "adult_sample",
		About:   "who earns over 50k a year: 32,561 rows of the 1994 census, adult.csv",
		Licence: "CC BY 4.0, Becker and Kohavi (UCI)",
		Page:    "https://archive.ics.uci.edu/dataset/2/adult",
		sources: []source{
			{file: "adult_sample.tgz", sha256: "e41c3503a0d916fb7e03d021931c0e9c7085289f056cdabb4db9c5013f9224f7"},
			{file: "adult_sample.tgz", url: fastAISample + "adult_sample.tgz"},
		},
	},
	{
		Name:    "aclImdb",
		About:   "50,000 film reviews with labels: train and test, each pos/ and neg/",
		Licence: "for research, Maas et al. (2011)",
		Page:    imdbHome,
		sources: []source{
			{file: "aclImdb.tgz", sha256: "2a77bc5f65ec425ee0e972eef7aeefaa15a9ee2642ffe26746c50c6a07e9e419"},
			{file: "aclImdb_v1.tar.gz", url: imdbHome + "aclImdb_v1.tar.gz"},
		},
	},
	{
		Name:    "aclImdb_unsup",
		About:   "film reviews without labels for a language model, in train/unsup: 50,000, or a mirror's 17,000",
		Licence: "for research, Maas et al. (2011)",
		Page:    imdbHome,
		sources: []source{
			{file: "aclImdb_unsup.tgz", sha256: "90f167d7befbecb0a8c1ea428f88cb2bb1ecc28de027e6e1663e876b2a9933ba"},
			{file: "aclImdb_v1.tar.gz", url: imdbHome + "aclImdb_v1.tar.gz"},
		},
	},
	{
		Name:    "rossmann",
		About:   "Rossmann store sales, the 7 tables of the course: train.csv has 1,017,209 rows",
		Licence: "Kaggle's terms",
		Page:    kaggleHome + "rossmann-store-sales",
		sources: []source{
			{file: "rossmann.tgz", sha256: "3be870a4776b99ed899522f2edaf51d6315a99993628bbbe02ec962c3875034f"},
			{file: "rossmann.tgz", url: "https://files.fast.ai/part2/lesson14/rossmann.tgz"},
		},
	},
	{
		Name:    "ml-100k",
		About:   "MovieLens: 100,000 ratings of 1,682 films by 943 people",
		Licence: "for research, GroupLens (Harper and Konstan 2015)",
		Page:    "https://grouplens.org/datasets/movielens/100k/",
		sources: []source{
			{file: "ml-100k.tgz", sha256: "5f3a82ab44371b35d2b524d956e28b1b78151f15375c0d6e923544a52c1ea397"},
			{file: "ml-100k.zip", url: "https://files.grouplens.org/datasets/movielens/ml-100k.zip"},
		},
	},
	{
		Name:    "nietzsche",
		About:   "Nietzsche's works in English, 600,901 characters, as nietzsche.txt",
		Licence: "public domain",
		Page:    "https://www.gutenberg.org/",
		sources: []source{
			{file: "nietzsche.txt", oneFile: true, sha256: "dea01ca2da603db6736fd856c585d073ccf3dca68efe4a59c5e73242cdf0b028"},
			{file: "nietzsche.txt", oneFile: true, url: "https://s3.amazonaws.com/text-datasets/nietzsche.txt"},
		},
	},
}
