"""The offline pack: a folder that opens by double click from a USB stick, without any network.

Pure: resources come in as data, their bytes through a reader that the caller hands over.
"""
