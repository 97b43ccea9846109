print("sentio-pipeline")
