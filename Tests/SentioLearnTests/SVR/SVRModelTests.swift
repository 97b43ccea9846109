import Foundation
import SentioLearn
import SentioNumerics
import Testing

@Suite struct SVRModelTests {
    static let kernels: [SVRKernelChoice] =
        SVRKernelChoice.all + [.polynomial(degree: 2, offset: 0.5), .sigmoid(gamma: .value(0.01))]

    static func model(_ kernel: SVRKernelChoice) throws -> SVRModel {
        try SVR(kernel: kernel).fit(
            features: normalTable(20, 3, stream: 1), targets: normalTable(20, 1, stream: 2)
        ).model
    }

    @Test(arguments: kernels)
    func jsonAndLIBSVMTextKeepEveryBit(kernel: SVRKernelChoice) throws {
        let model = try Self.model(kernel)
        #expect(try JSONDecoder().decode(SVRModel.self, from: JSONEncoder().encode(model)) == model)
        let machine = model.machines[0]
        #expect(try SupportVectorMachine(libsvmText: machine.libsvmText, featureCount: 3) == machine)
        let windows = machine.libsvmText.replacing("\n", with: "\r\n")
        #expect(try SupportVectorMachine(libsvmText: windows, featureCount: 3) == machine)
    }

    @Test func libsvmTextIsAsDocumented() throws {
        let machine = try SupportVectorMachine(
            kernel: .polynomial(degree: 3, gamma: 0.25, offset: 1), vectors: Matrix([[0.5, 0, -2], [0, 1, 0]]),
            coefficients: [1, -0.75], intercept: -3)
        #expect(
            machine.libsvmText == """
                svm_type epsilon_svr
                kernel_type polynomial
                degree 3
                gamma 0.25
                coef0 1.0
                nr_class 2
                total_sv 2
                rho 3.0
                SV
                1.0 1:0.5 3:-2.0
                -0.75 2:1.0

                """)
    }

    @Test(arguments: [
        ("", "no line"), ("svm_type c_svc\nSV\n", "c_svc"),
        ("svm_type epsilon_svr\nkernel_type precomputed\nSV\n", "precomputed"),
        ("svm_type epsilon_svr\nkernel_type rbf\nSV\n", "gamma"),
        ("svm_type epsilon_svr\nkernel_type linear\ntotal_sv 2\nrho 0\nSV\n1 1:1\n", "announces 2"),
        ("svm_type epsilon_svr\nkernel_type linear\ntotal_sv 1\nrho 0\nSV\nx 1:1\n", "line 6"),
        ("svm_type epsilon_svr\nkernel_type linear\ntotal_sv 1\nrho 0\nSV\n1 4:1\n", "4:1"),
        ("svm_type epsilon_svr\nkernel_type linear\ntotal_sv 1\nrho 0\nSV\n1 0:1\n", "0:1"),
        ("svm_type epsilon_svr\nkernel_type linear\ntotal_sv 1\nrho 0\nSV\n1 1:inf\n", "not finite"),
        ("svm_type epsilon_svr\nkernel_type linear\ntotal_sv -1\nrho 0\nSV\n", "total_sv"),
        ("svm_type epsilon_svr\nkernel_type rbf\ngamma -1\ntotal_sv 0\nrho 0\nSV\n", "gamma"),
    ])
    func damagedLIBSVMTextIsRefused(text: String, mention: String) {
        let error = #expect(throws: LearnError.self) {
            try SupportVectorMachine(libsvmText: text, featureCount: 3)
        }
        #expect(error?.description.contains(mention) == true)
    }

    @Test func damagedJSONIsRefused() throws {
        let model = try Self.model(.rbf())
        let data = try JSONEncoder().encode(model)
        for change in [#"{"targets":[]}"#, #"{"features":["a"]}"#, #"{"machines":[]}"#] {
            var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            let changes = try #require(try JSONSerialization.jsonObject(with: Data(change.utf8)) as? [String: Any])
            object.merge(changes) { $1 }
            let damaged = try JSONSerialization.data(withJSONObject: object)
            #expect(throws: LearnError.self) { try JSONDecoder().decode(SVRModel.self, from: damaged) }
        }
    }
}
