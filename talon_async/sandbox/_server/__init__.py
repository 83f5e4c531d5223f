"""Serves a deployment with uvicorn on the running event loop."""
