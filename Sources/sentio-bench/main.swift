print("sentio-bench")
