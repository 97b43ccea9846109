extension PretrainedModel {
    private static let wheel = Wheel(
        package: "musicnn", version: "0.1.0", file: "musicnn-0.1.0-py3-none-any.whl",
        sha256: "f38a4890c648c1ddbb141c5d96d2b0a8cfcd36746002d896989f7b88beb65cfa")
    private static let licenceFile = "musicnn-0.1.0.dist-info/LICENSE.md"

    /// Pons and Serra 2019: vertical (timbral) and horizontal (temporal) filters, then convolutions over time.
    static let musicnn = PretrainedModel(
        name: "musicnn", summary: "Music tagger trained on the Million Song Dataset (Pons and Serra 2019); 3.2 MB.",
        architecture: "musicnn", licence: "ISC", wheel: wheel, checkpoint: "musicnn/MSD_musicnn/",
        licenceFile: licenceFile,
        tags: millionSongTags,
        layout: {
            var layout = WeightLayout()
            layout.batchNorm("batch_normalization", "input_norm")
            for number in 0..<2 { layout.convolution(number == 0 ? "conv2d" : "conv2d_1", "timbral.\(number)") }
            for number in 0..<3 { layout.convolution("conv2d_\(2 + number)", "temporal.\(number)") }
            for number in 0..<2 { layout.batchNorm("batch_normalization_\(1 + number)", "timbral_norm.\(number)") }
            for number in 0..<3 { layout.batchNorm("batch_normalization_\(3 + number)", "temporal_norm.\(number)") }
            for number in 0..<3 {
                // The kernel spans all input channels as its width: [time, channels, 1, out] to [out, channels, 1,
                // time].
                layout.convolution("conv2d_\(5 + number)", "cnn.\(number)", axes: [3, 1, 2, 0])
                layout.batchNorm("batch_normalization_\(6 + number)", "cnn_norm.\(number)")
            }
            layout.batchNorm("batch_normalization_9", "flat_norm")
            layout.dense("dense", "hidden")
            layout.batchNorm("batch_normalization_10", "hidden_norm")
            layout.dense("dense_1", "tags")
            return layout
        }(), weightsHash: "6bfdfa8d1035f44ccbd52182861fcdb776110f0c0a671cd2572ddb7d6a3ab75f")

    /// The VGG of the same authors: five blocks of 3 x 3 convolutions.
    static let vgg = PretrainedModel(
        name: "vgg", summary: "VGG music tagger trained on the Million Song Dataset (Pons and Serra 2019); 2.4 MB.",
        architecture: "vgg", licence: "ISC", wheel: wheel, checkpoint: "musicnn/MSD_vgg/", licenceFile: licenceFile,
        tags: millionSongTags,
        layout: {
            var layout = WeightLayout()
            layout.batchNorm("batch_normalization", "input_norm")
            for number in 0..<5 {
                layout.convolution("\(number + 1)CNN", "cnn.\(number)")
                layout.batchNorm("batch_normalization_\(number + 1)", "cnn_norm.\(number)")
            }
            layout.dense("dense", "tags")
            return layout
        }(), weightsHash: "8cae82bd74dc50cd7067bee0c6dcc36e0b3509ce99a59f8a8843acd508ce0596")

    /// The fifty most frequent tags of the Million Song Dataset, in the order of the networks' outputs.
    private static let millionSongTags = [
        "rock", "pop", "alternative", "indie", "electronic", "female vocalists", "dance", "00s", "alternative rock",
        "jazz", "beautiful",
        "metal", "chillout", "male vocalists", "classic rock", "soul", "indie rock", "Mellow", "electronica", "80s",
        "folk", "90s", "chill",
        "instrumental", "punk", "oldies", "blues", "hard rock", "ambient", "acoustic", "experimental",
        "female vocalist", "guitar",
        "Hip-Hop", "70s", "party", "country", "easy listening", "sexy", "catchy", "funk", "electro", "heavy metal",
        "Progressive rock",
        "60s", "rnb", "indie pop", "sad", "House", "happy",
    ]
}
