"""What readers share: tables of text, settings as plain data, protobuf, segments."""
