"""The domain: carts, catalogs, codes, loyalty and more, as plain values without a deployment."""
