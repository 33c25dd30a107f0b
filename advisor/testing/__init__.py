"""For authors of plugins: runs made by hand, and the promises that every plugin keeps."""
